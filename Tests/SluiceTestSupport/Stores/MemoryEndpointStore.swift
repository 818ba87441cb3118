// What the endpoint keeps besides attachments, in memory: the second implementation on which the conformance suite runs.

public import SluiceModel
import Synchronization

/// Keeps tokens, partials with their bytes, and answers in memory.
public final class MemoryEndpointStore: TokenStore, PartialStore, PartialBytes, AnswerStore {
    private struct State {
        var tokens: [(token: StoredToken, secret: Digest)] = []
        var partials: [Partial] = []
        var bytes: [String: [UInt8]] = [:]
        var answers: [[String]: KeptAnswer] = [:]
        var made = 0
    }

    private let state = Mutex(State())

    public init() {}

    public func add(_ token: StoredToken, secret: Digest) throws(SluiceError) {
        state.withLock { $0.tokens.append((token, secret)) }
    }

    public func token(_ id: String) throws(SluiceError) -> (token: StoredToken, secret: Digest)? {
        state.withLock { $0.tokens.first { $0.token.id == id } }
    }

    public func tokens() throws(SluiceError) -> [StoredToken] { state.withLock { $0.tokens.map(\.token) } }

    public func revoke(_ id: String, at time: Int64) throws(SluiceError) -> Bool {
        state.withLock { state in
            guard let index = state.tokens.firstIndex(where: { $0.token.id == id }) else { return false }
            state.tokens[index].token.revokedAt = state.tokens[index].token.revokedAt ?? time
            return true
        }
    }

    public func add(_ partial: Partial) throws(SluiceError) { state.withLock { $0.partials.append(partial) } }

    public func partial(_ id: String) throws(SluiceError) -> Partial? {
        state.withLock { $0.partials.first { $0.id == id } }
    }

    public func decide(
        _ id: String, _ outcome: Outcome, attachment: String?, answer: String
    ) throws(SluiceError) {
        change(id) { partial in
            partial.state = .decided
            partial.outcome = outcome
            partial.attachment = attachment
            partial.answer = answer
        }
    }

    public func end(_ id: String) throws(SluiceError) {
        state.withLock { state in
            guard let index = state.partials.firstIndex(where: { $0.id == id }) else { return }
            state.partials[index].state = .ended
        }
    }

    public func openPartials() throws(SluiceError) -> [Partial] {
        state.withLock { $0.partials.filter { $0.state == .open } }
    }

    public func openTotals(submitter: String?) throws(SluiceError) -> PartialTotals {
        totals { $0.submission.submitter == submitter }
    }

    public func openTotals(ticket: TicketID) throws(SluiceError) -> PartialTotals {
        totals { $0.submission.ticket == ticket }
    }

    public func expire(before time: Int64, forgetting: Int64) throws(SluiceError) -> [String] {
        state.withLock { state in
            var ended: [String] = []
            for index in state.partials.indices
            where state.partials[index].state == .open && state.partials[index].expiresAt < time {
                state.partials[index].state = .ended
                ended.append(state.partials[index].id)
            }
            state.partials.removeAll { $0.state != .open && $0.expiresAt < forgetting }
            return ended
        }
    }

    private func change(_ id: String, _ body: (inout Partial) -> Void) {
        state.withLock { state in
            guard let index = state.partials.firstIndex(where: { $0.id == id && $0.state == .open }) else { return }
            body(&state.partials[index])
        }
    }

    private func totals(_ isMeant: (Partial) -> Bool) -> PartialTotals {
        state.withLock { state in
            let open = state.partials.filter { $0.state == .open && isMeant($0) }
            return PartialTotals(count: open.count, length: ByteCount(open.reduce(0) { $0 + $1.length.bytes }))
        }
    }

    public func create() throws(SluiceError) -> String {
        state.withLock { state in
            state.made += 1
            let number = String(state.made)
            let id = String(repeating: "0", count: 26 - number.count) + number
            state.bytes[id] = []
            return id
        }
    }

    public func size(_ id: String) throws(SluiceError) -> ByteCount? {
        state.withLock { $0.bytes[id].map { ByteCount($0.count) } }
    }

    public func append(
        _ bytes: UnsafeRawBufferPointer, to id: String, at offset: ByteCount
    ) throws(SluiceError) {
        let isWritten = state.withLock { state in
            guard let known = state.bytes[id], Int64(known.count) == offset.bytes else { return false }
            state.bytes[id]! += bytes
            return true
        }
        if !isWritten { throw SluiceError("store.internal", what: "", why: "", mend: "") }
    }

    public func sync(_ id: String) throws(SluiceError) {}

    public func open(_ id: String) throws(SluiceError) -> (any BlobReader)? {
        state.withLock { $0.bytes[id] }.map { MemoryBlobReader(bytes: $0) }
    }

    public func remove(_ id: String) throws(SluiceError) { state.withLock { $0.bytes[id] = nil } }

    public func ids() throws(SluiceError) -> [String] { state.withLock { Array($0.bytes.keys) } }

    public func answer(to key: String, of caller: String) throws(SluiceError) -> KeptAnswer? {
        state.withLock { $0.answers[[caller, key]] }
    }

    public func keep(_ answer: KeptAnswer, to key: String, of caller: String) async throws(SluiceError) {
        state.withLock { $0.answers[[caller, key]] = $0.answers[[caller, key]] ?? answer }
    }

    public func forgetAnswers(before time: Int64) throws(SluiceError) {
        state.withLock { state in state.answers = state.answers.filter { $0.value.givenAt >= time } }
    }
}
