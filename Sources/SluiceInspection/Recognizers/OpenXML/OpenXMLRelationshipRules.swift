// What relationships that lead out of a document may do (Threats, T5). Hyperlinks are honest: a person has to click them.

import SluiceModel

enum OpenXMLRelationshipRules {
    /// Fetched and run or shown in place of content when the document is opened.
    private static let loaded: Set<String> = [
        "attachedtemplate", "oleobject", "subdocument", "frame", "package", "control", "activexcontrolbinary",
        "afchunk", "vbaproject",
    ]
    /// Followed only when a person asks.
    private static let harmless: Set<String> = ["hyperlink", "hlinkclick", "hlinkhover"]
    /// Other workbooks whose values Excel keeps; it asks before it reads them anew.
    private static let linkedBooks: Set<String> = [
        "externallinkpath", "externallinklongpath", "xlpathmissing", "xlexternallinkpath", "xlstartup", "xllibrary",
        "xlalternatestartup",
    ]

    static func check(_ relationship: OpenXMLRelationship, _ context: inout InspectionContext) {
        guard relationship.leads else { return }
        let kind = relationship.kind
        let isRemote = RemoteTarget.isRemote(relationship.target)
        if loaded.contains(kind), isRemote {
            context.find(.openXMLExternalRelationship, .text(kind), .text(relationship.target))
        } else if linkedBooks.contains(kind) {
            if isRemote { context.find(.openXMLLinkedContent, .text("another workbook"), .text(relationship.target)) }
        } else if !harmless.contains(kind), kind != "attachedtemplate" {
            // A template on the author's own disk is what Word writes into every document made from one.
            context.find(.openXMLLinkedContent, .text(kind), .text(relationship.target))
        }
    }
}
