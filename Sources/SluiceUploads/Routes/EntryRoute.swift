// `GET /api/v1/tickets/{ticket}/attachments/{id}/entries/{index}`: the bytes of one entry of an archive, expanded by a confined process and handed
// out like a download.

import SluiceModel
import SluiceServer
import SluiceStorage

extension Routes {
    static let entry = Route("GET", "/api/v1/tickets/{ticket}/attachments/{id}/entries/{index}", .submitter, .expanding)
    {
        (request, context) throws(Problem) in
        let ticket = try context.ticket(of: request)
        // Of ten digits, as Int32 has.
        guard let index = Int32(request.text(2)), index >= 0, request.text(2).utf8.first != UInt8(ascii: "+") else {
            throw Problem(
                400, "request.entry-index", "An entry is named by its index in the manifest.",
                remedy: "Take the index from the attachment's manifest.")
        }
        return .receiver(
            NoBody { () throws(Problem) in
                let attachment = try context.services.attachment(request.text(1), on: ticket, for: context.caller)
                let bytes = try context.services.bytes(of: attachment, for: context.caller)
                return try EntryDownload(Int(index), of: attachment, bytes).response(to: request, context)
            })
    }
}

/// One entry on its way out.
struct EntryDownload {
    /// Up to here an entry is expanded whole before its answer begins: its process is free at once, however slowly the answer is read, and what
    /// is wrong with it can still be told (chosen: most logs of a bundle).
    private static let wholeUpTo = ByteCount(256 << 10)

    private let index: Int
    private let attachment: StoredAttachment
    private let archive: any BlobReader

    init(_ index: Int, of attachment: StoredAttachment, _ archive: any BlobReader) {
        self.index = index
        self.attachment = attachment
        self.archive = archive
    }

    /// - Throws: 404 for what is no file of the archive, 412, 422 for what cannot be expanded, 503 where our own part fails.
    func response(to request: Request, _ context: UploadContext) throws(Problem) -> Response {
        let services = context.services
        let found: (label: DownloadLabel, address: EntryAddress)
        do throws(SluiceError) { found = try find(services) } catch { throw Problem(error) }
        if let answer = try found.label.conditional(for: request) { return answer }
        let share = services.entryReaders.share(of: context.account)
        guard share.enlarge(by: 1) else {
            throw Problem(
                429, "quota.entries", "Too many entries are being read by this caller.",
                remedy: "Read some of them to their end first.", headers: [("Retry-After", "2")])
        }
        do throws(SluiceError) {
            // The inspector reads from a file. Bytes that lie in an object store come to this machine first, for as long as it reads.
            let local = try archive.descriptor == nil ? services.store.spool.receive(archive) : nil
            guard let descriptor = archive.descriptor ?? local?.descriptor else { throw SluiceError(.missing)! }
            let opened = try withExtendedLifetime(local) { () throws(SluiceError) in
                try services.inspectors.open(
                    found.address, in: descriptor, size: archive.size, services.policy.archives)
            }
            return Response(status: 200, headers: found.label.headers, content: try content(opened, share))
        } catch { throw Problem(error) }
    }

    private func find(
        _ services: Services
    ) throws(SluiceError) -> (label: DownloadLabel, address: EntryAddress) {
        let entries = try services.store.tickets.entries(of: attachment.id)
        guard let address = EntryAddress(index, in: entries) else { throw SluiceError(.missing)! }
        // An entry has no digest of its own: its archive's and its place in it say the same.
        let label = DownloadLabel(
            name: DeclaredName(bytes: entries[index].name.bytes), mediaType: entries[index].recognized.mediaType,
            tag: "\"sha256-\(attachment.digest.hexadecimal)-\(index)\"")
        return (label, address)
    }

    private func content(_ entry: any EntryBytes, _ share: Share) throws(SluiceError) -> Response.Content {
        guard entry.size <= Self.wholeUpTo else { return .pulled(PulledEntry(entry, share), entry.size.bytes) }
        var whole: [UInt8] = []
        whole.reserveCapacity(Int(entry.size.bytes))
        while let piece = try entry.next() { whole += piece }
        return .bytes(whole)
    }
}

/// One thread at a time asks.
private final class PulledEntry: PulledBytes, @unchecked Sendable {
    // guarded by: PulledContent, whose jobs follow one another.
    private let entry: any EntryBytes
    /// Of what this caller reads at once.
    private let share: Share

    init(_ entry: any EntryBytes, _ share: Share) {
        self.entry = entry
        self.share = share
    }

    func next() throws(SluiceError) -> [UInt8]? { try entry.next() }
}
