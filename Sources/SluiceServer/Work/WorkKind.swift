// The kinds of work that a server tells apart, each with threads of its own, and the sum of them.

import Synchronization

/// What a route's work mostly waits for.
package enum WorkKind: CaseIterable, Sendable {
    /// Reading the store.
    case reading
    /// Taking something in: creating, and writing to the store.
    case writing
    /// Making content while it is sent.
    case expanding
}

/// All workers of one server.
package final class ServerWorkers: Sendable {
    private let reading: Workers
    private let writing: Workers
    private let expanding: Workers
    private let ending = Atomic(false)

    /// - Parameters:
    ///   - threads: of each kind.
    ///   - guests: further ones among those that write, for what other workers run there.
    package init(threads: Int, _ limits: WorkLimits = WorkLimits(), guests: Int = 0) {
        reading = Workers(threads: threads, limits)
        writing = Workers(threads: threads, limits, guests: guests)
        expanding = Workers(threads: threads, limits)
    }

    package subscript(_ kind: WorkKind) -> Workers {
        switch kind {
        case .reading: reading
        case .writing: writing
        case .expanding: expanding
        }
    }

    /// Jobs that are not done yet.
    package var underWay: Int { WorkKind.allCases.reduce(0) { $0 + self[$1].underWay } }

    /// Whether the end has been asked for; what is under way goes on.
    package var isEnding: Bool { ending.load(ordering: .relaxed) }
    func announceEnd() { ending.store(true, ordering: .relaxed) }

    /// Once nothing is under way any more.
    func stop() { for kind in WorkKind.allCases { self[kind].stop() } }
}
