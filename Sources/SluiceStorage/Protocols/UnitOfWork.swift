// The one way to write rows: what an engine can write inside a transaction. Which of it belongs together is said by the rules beside this folder.

public import SluiceModel

/// What is written together or not at all. It may be run again after a failure of the database, so a unit does nothing but read and write rows.
public protocol UnitOfWork: StoreReader {
    // MARK: Attachments

    /// Opens the ticket where it is not open yet.
    func openTicket(_ ticket: TicketID, at time: Int64) throws(SluiceError)
    /// With its entries, its card, its findings and its evidence. Its ticket is open.
    func insert(_ attachment: NewAttachment) throws(SluiceError)
    /// Puts an attachment in the place of the one with the same id. A person's corrections stay.
    func replace(with attachment: NewAttachment) throws(SluiceError)
    /// Removes the attachment with all that belongs to it.
    func remove(_ attachment: String) throws(SluiceError)
    func setVerdict(_ verdict: Verdict, of attachment: String) throws(SluiceError)
    /// What set the attachment apart stays on record as a note that asks for nothing (`DecidedFinding`).
    func settleFindings(of attachment: String) throws(SluiceError)
    func add(_ finding: StoredFinding, to attachment: String) throws(SluiceError)
    func correct(_ attachment: String, to category: Category, by person: String, at time: Int64) throws(SluiceError)

    // MARK: What was not kept

    /// Records a refusal. The same refusal under the same policy is counted on the row that is there.
    /// - Returns: whether it was told for the first time.
    func insert(_ refusal: NewRefusal) throws(SluiceError) -> Bool

    /// Makes a note that a blob is to be removed once this unit is committed.
    func noteRemoval(of address: BlobAddress) throws(SluiceError)
    func finishRemoval(of address: BlobAddress) throws(SluiceError)
    /// From the end of this unit on until `endRemoval` nobody commits a row that refers to this blob. No row refers to it now.
    /// - Parameter time: microseconds since 1970, UTC.
    /// - Returns: the removal's number, which is higher than all before.
    func beginRemoval(of address: BlobAddress, at time: Int64) throws(SluiceError) -> Int64
    /// The bytes are gone, or nobody removes them any more.
    func endRemoval(_ number: Int64) throws(SluiceError)
    /// Forgets removals that are done and began before `time`.
    func forgetRemovals(before time: Int64) throws(SluiceError)

    // MARK: Events

    /// Appends an event and gives it the next number. Numbers have no gaps and follow the order of commits.
    func append(_ event: Event) throws(SluiceError)

    // MARK: Review

    /// - Parameter release: its id is given here.
    func insert(_ release: Release) throws(SluiceError)
    /// Taking a release back twice changes nothing.
    /// - Returns: false where there is no such release.
    func revokeRelease(_ id: String, by person: String, at time: Int64) throws(SluiceError) -> Bool

    // MARK: The endpoint

    /// The first answer under a key stays.
    func keep(_ answer: KeptResponse, to key: String, of caller: String) throws(SluiceError)
    func forgetAnswers(before time: Int64) throws(SluiceError)
    func add(_ partial: Partial) throws(SluiceError)
    /// Says what became of a partial. Changes nothing where it is not open any more.
    func decide(_ id: String, _ outcome: Outcome, attachment: String?, answer: String) throws(SluiceError)
    /// Nothing more comes. What was decided stays recorded.
    func end(_ id: String) throws(SluiceError)
    /// Ends open partials that expire before `time`; forgets those that are not open and expired before `forgetting`.
    /// - Returns: the ids of those that were ended.
    func expirePartials(before time: Int64, forgetting: Int64) throws(SluiceError) -> [String]
    /// Adds a part whose bytes are durable. They count from now on.
    /// - Returns: false where the partial is not open, or the part does not begin where the others end; then nothing is added.
    func add(_ part: PartialPart, to partial: String) throws(SluiceError) -> Bool
    func removeParts(of partial: String) throws(SluiceError)
    /// - Parameter secret: SHA-256 of the secret's characters.
    func add(_ token: StoredToken, secret: Digest) throws(SluiceError)
    /// The token stays known as revoked. Revoking it again changes nothing.
    /// - Returns: false where there is no such token.
    func revokeToken(_ id: String, at time: Int64) throws(SluiceError) -> Bool
}
