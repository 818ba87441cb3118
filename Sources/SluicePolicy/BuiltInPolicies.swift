// The two policies that need no file: `portal` for uploads by customers, `bundle` for trusted batch import of log bundles.

public import SluiceModel

extension Policy {
    /// What a customer may attach to a ticket (Contract, types and limits).
    public static let portal = Policy(
        name: "portal", version: "portal-1", sizeLimit: .mebibytes(15), types: TypeTable.portal)

    /// What an operator imports in bulk: diagnostic archives, logs and configurations under their own names.
    public static let bundle = Policy(
        name: "bundle", version: "bundle-1", sizeLimit: .mebibytes(100), types: TypeTable.portal + TypeTable.bundle,
        archives: ArchiveBudgets(
            entries: 50_000, expandedSize: .mebibytes(2048), depth: 4, wallClock: .seconds(60),
            expand: Set(ForeignContainer.allCases)),
        unlistedText: true,
        // A diagnostic bundle mirrors a whole file system, absolute links included. Nobody unpacks it over a file system.
        levels: ["archive.link-escapes": .warning])

    public static let builtIn: [Policy] = [portal, bundle]
}
