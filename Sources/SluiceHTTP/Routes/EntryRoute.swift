// `GET /api/v1/tickets/{ticket}/attachments/{id}/entries/{index}`: the bytes of one entry of an archive, expanded by a confined process and handed
// out like a download.

import SluiceModel
import SluiceSandbox
import SluiceStorage

extension Route {
    static let entry = Route("GET", "/api/v1/tickets/{ticket}/attachments/{id}/entries/{index}", .submitter) {
        (request, services) throws(Problem) in
        let ticket = try request.ticket()
        // Of ten digits, as Int32 has.
        guard let index = Int32(request.text(2)), index >= 0, request.text(2).utf8.first != UInt8(ascii: "+") else {
            throw Problem(
                400, "request.entry-index", "An entry is named by its index in the manifest.",
                remedy: "Take the index from the attachment's manifest.")
        }
        return .receiver(
            NoBody { () throws(Problem) in
                let attachment = try services.attachment(request.text(1), on: ticket, for: request.caller)
                let bytes = try services.bytes(of: attachment, for: request.caller)
                return try EntryDownload(Int(index), of: attachment, bytes).response(to: request, services)
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
    func response(to request: Request, _ services: Services) throws(Problem) -> Response {
        let found: (label: DownloadLabel, address: EntryAddress, descriptor: CInt)
        do throws(SluiceError) { found = try find(services) } catch { throw Self.problem(error) }
        if let answer = try found.label.conditional(for: request) { return answer }
        do throws(SluiceError) {
            let opened = try services.inspectors.open(
                found.address, in: found.descriptor, size: archive.size, services.policy.archives)
            return Response(status: 200, headers: found.label.headers, content: try content(opened))
        } catch { throw Self.problem(error) }
    }

    private func find(
        _ services: Services
    ) throws(SluiceError) -> (label: DownloadLabel, address: EntryAddress, descriptor: CInt) {
        let entries = try services.store.tickets.entries(of: attachment.id)
        guard let address = EntryAddress(index, in: entries), let descriptor = archive.descriptor else {
            throw SluiceError(.missing)!
        }
        // An entry has no digest of its own: its archive's and its place in it say the same.
        let label = DownloadLabel(
            name: DeclaredName(bytes: entries[index].name.bytes), mediaType: entries[index].recognized.mediaType,
            tag: "\"sha256-\(attachment.digest.hexadecimal)-\(index)\"")
        return (label, address, descriptor)
    }

    private func content(_ entry: any EntryBytes) throws(SluiceError) -> Response.Content {
        guard entry.size <= Self.wholeUpTo else { return .pulled(PulledEntry(entry), entry.size.bytes) }
        var whole: [UInt8] = []
        whole.reserveCapacity(Int(entry.size.bytes))
        while let piece = try entry.next() { whole += piece }
        return .bytes(whole)
    }

    private static func problem(_ error: SluiceError) -> Problem {
        switch error.code {
        case "entry.missing": Problem(404, error.code, error.what, remedy: error.mend)
        case "entry.unreadable", "entry.damaged", "entry.over-budget":
            Problem(422, error.code, error.what, remedy: error.mend)
        case "entry.busy", "entry.failed":
            Problem(
                503, error.code, error.what, remedy: error.mend, headers: [("Retry-After", "5")],
                cause: error.description)
        default: Problem(error)
        }
    }
}

/// One thread at a time asks.
private final class PulledEntry: PulledBytes, @unchecked Sendable {
    // guarded by: PulledContent, whose jobs follow one another.
    private let entry: any EntryBytes

    init(_ entry: any EntryBytes) { self.entry = entry }

    func next() throws(SluiceError) -> [UInt8]? { try entry.next() }
}
