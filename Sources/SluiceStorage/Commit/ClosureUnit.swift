// A unit of work given as a function, and how its giver waits for the answer: suspended, or blocked.

import Glibc
import SluiceModel
import Synchronization

/// One function on its way through a commit.
final class ClosureUnit<Answer: Sendable>: WaitingUnit {
    let what: String
    let orders: [BlobOrder]
    private let known: (@Sendable (any StoreReader) throws(SluiceError) -> Answer?)?
    private let work: @Sendable (any UnitOfWork) throws(SluiceError) -> Answer
    private let answer = Mutex<Result<Answer, SluiceError>?>(nil)
    private let told: @Sendable (Result<Answer, SluiceError>) -> Void

    /// - Parameters:
    ///   - orders: blobs that have to be durable before the rows.
    ///   - known: an answer that needs no writing.
    ///   - told: called once, with the answer.
    init(
        _ what: String, placing orders: [BlobOrder],
        known: (@Sendable (any StoreReader) throws(SluiceError) -> Answer?)?,
        _ work: @escaping @Sendable (any UnitOfWork) throws(SluiceError) -> Answer,
        told: @escaping @Sendable (Result<Answer, SluiceError>) -> Void
    ) {
        self.what = what
        self.orders = orders
        self.known = known
        self.work = work
        self.told = told
    }

    func answerWithoutWriting(_ reader: any StoreReader) throws(SluiceError) -> Bool {
        guard let known, let answer = try known(reader) else { return false }
        self.answer.withLock { $0 = .success(answer) }
        return true
    }

    func run(_ work: any UnitOfWork) throws(SluiceError) {
        let answer = try self.work(work)
        self.answer.withLock { $0 = .success(answer) }
    }

    func fail(_ error: SluiceError) { answer.withLock { $0 = .failure(error) } }

    func finish(_ error: SluiceError?) {
        if let error { return told(.failure(error)) }
        told(answer.withLock { $0 } ?? .failure(.storeInternal(what, cause: "the unit of work was not run")))
    }
}

/// Blocks one thread until another one has an answer.
final class BlockingResult<Answer: Sendable>: Sendable {
    private let answer = Mutex<Answer?>(nil)
    // guarded by: the semaphore's own atomicity
    private nonisolated(unsafe) let isThere: UnsafeMutablePointer<sem_t>

    init() {
        isThere = .allocate(capacity: 1)
        sem_init(isThere, 0, 0)
    }

    deinit {
        sem_destroy(isThere)
        isThere.deallocate()
    }

    func give(_ value: Answer) {
        answer.withLock { $0 = value }
        sem_post(isThere)
    }

    func wait() -> Answer {
        while sem_wait(isThere) != 0 {}
        return answer.withLock { $0! }
    }
}
