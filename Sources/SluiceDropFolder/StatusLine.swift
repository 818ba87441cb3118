// How a watcher stands, in one line: for a terminal and for the service manager.

public import SluiceModel

/// Counts of one watcher.
public struct Standing: Sendable, Equatable {
    /// In `in/`, not taken yet.
    public var pending = 0
    /// Taken, not answered yet.
    public var underWay = 0
    /// Failed and waiting for another attempt.
    public var waiting = 0
    public var outcomes: [Outcome: Int] = [:]
    /// Of those, rejected or set apart, now or when the same came before.
    public var refused = 0
    /// The failure that holds everything up, in words.
    public var trouble: String?

    /// `3 pending, 2 under way; 120 accepted, 1 rejected`.
    public var line: String {
        var parts = ["\(pending.grouped) pending"]
        if underWay > 0 { parts.append("\(underWay.grouped) under way") }
        if waiting > 0 { parts.append("\(waiting.grouped) to be tried again") }
        let done = Outcome.allCases.compactMap { outcome in
            outcomes[outcome].map { "\($0.grouped) \(outcome.rawValue)" }
        }
        let list = parts.joined(separator: ", ") + (done.isEmpty ? "" : "; " + done.joined(separator: ", "))
        return trouble.map { "\(list). \($0)" } ?? list
    }
}
