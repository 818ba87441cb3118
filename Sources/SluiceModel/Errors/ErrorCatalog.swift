// All error codes there are. `sluice findings --errors` prints this table, and a test pins it: codes are a contract.

extension ErrorDefinition {
    public static let all: [ErrorDefinition] =
        [
            [`internal`],
            commandFamily,
            sourceFamily,
            inspectorFamily,
            entryFamily,
            storeFamily,
            dropFamily,
            endpointFamily,
            requestFamily,
            reviewFamily,
            quotaFamily,
            tusFamily,
            multipartFamily,
        ].flatMap { $0 }

    private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })

    /// - Returns: `nil` for a code that does not exist.
    public static func named(_ code: String) -> ErrorDefinition? { byCode[code] }

    /// What is answered for an error that a caller must not see, or that nobody has foreseen.
    public static let `internal` = ErrorDefinition(
        "internal", .ours, .byItself, http: 500, exit: 3,
        what: "Something failed on our side.",
        remedy: "Try again. If the error stays, give the operator the request's id.")
}
