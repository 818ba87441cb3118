// The status of a watcher in one line, for a terminal and for the service manager.

public import SluiceModel

/// Counts of one watcher.
public struct WatcherStatus: Sendable, Equatable {
    /// In `in/`, not claimed yet.
    public var pending = 0
    /// Claimed, without an outcome yet.
    public var underWay = 0
    /// Failed and waiting for another attempt.
    public var waiting = 0
    public var outcomes: [Outcome: Int] = [:]
    /// How many of them were rejected or quarantined, now or when the same file came before.
    public var refused = 0
    /// The error that stops all files, in words.
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
