// Numbers of attachments, taken from the server in blocks: what belongs to an attachment refers to its number and does not have to wait for it.

/// Numbers that only this connection gives.
final class NumberBlock {
    /// As the schema's sequence steps (chosen: two of the largest commits; what a lost connection leaves unused is a gap, and gaps harm nothing).
    static let size: Int64 = 512
    static let question = "SELECT nextval('attachment_number')"
    /// Fewer than this ask for the next block: enough for a commit of 256 attachments.
    private static let few = 256

    private var blocks: [Range<Int64>] = []

    var isEmpty: Bool { blocks.isEmpty }
    var isLow: Bool { blocks.reduce(0) { $0 + $1.count } < Self.few }

    func add(_ first: Int64) { blocks.append(first..<first + Self.size) }

    func next() -> Int64? {
        guard let block = blocks.first, let number = block.first else { return nil }
        if block.count == 1 { blocks.removeFirst() } else { blocks[0] = number + 1..<block.upperBound }
        return number
    }
}
