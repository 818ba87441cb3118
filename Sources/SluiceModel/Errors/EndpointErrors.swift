// Errors of the family `endpoint.*`: the upload endpoint as a whole cannot work.

extension ErrorDefinition {
    static let endpointFamily = [
        ErrorDefinition(
            "endpoint.listen", .environment, .byOperator, exit: 3,
            what: "The endpoint cannot listen on this address.",
            remedy: "Choose a free address with --listen, or stop the program that uses it."),
        ErrorDefinition(
            "endpoint.start", .environment, .byOperator, exit: 3,
            what: "The endpoint cannot start.",
            remedy: "Look at the cause in the message; memory or descriptors may be short."),
        ErrorDefinition(
            "endpoint.busy", .environment, .byItself, http: 503, retryAfter: 3,
            what: "More requests are waiting than can be worked on soon.",
            remedy: "Try again in a few seconds."),
    ]
}
