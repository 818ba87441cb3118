// What `sluice doctor` says of a store: whether its rows and its bytes can be had, each tried out.

import SluiceFiles
import SluiceModel
import SluiceObjects
import SluicePostgres
import SluiceSandbox
import SluiceStorage

extension StoreLocation {
    /// One line for the rows, one for the bytes, and one for the spool where that lies apart.
    var facts: [ConfinementFact] {
        var facts = [rowsFact]
        switch bytes {
        case .folder(let path): facts.append(folderFact(path))
        case .objects(let address):
            facts.append(objectsFact(address))
            facts.append(spoolFact)
        }
        return facts
    }

    private var rowsFact: ConfinementFact {
        let name = "rows"
        do throws(SluiceError) {
            switch rows {
            case .folder(let path):
                let store = try open(creating: false)
                defer { store.close() }
                let last = try store.tickets.lastEvent()
                return ConfinementFact(
                    name: name, state: "SQLite", detail: "\(SafeText.display(path)): \(last.grouped) events", isOK: true
                )
            case .postgres(let address):
                let database = try PostgresDatabase(address, patience: .seconds(5), creating: false)
                defer { database.close() }
                let last = try database.reader.lastEvent()
                let weak = address.weakerTLS.isEmpty ? "" : "; the server need not prove who it is, as asked for"
                return ConfinementFact(
                    name: name, state: "PostgreSQL", detail: "\(address): \(last.grouped) events\(weak)", isOK: true)
            }
        } catch { return failed(name, error) }
    }

    private func folderFact(_ path: String) -> ConfinementFact {
        do throws(SluiceError) {
            let folders = try StoreFolders(path, creating: false, hasDatabase: false)
            let spool = try FileSpool(folders).begin(limit: ByteCount(1))
            _ = try spool.finish()
            return ConfinementFact(
                name: "bytes", state: "a folder", detail: "\(SafeText.display(path)) takes unnamed files", isOK: true)
        } catch { return failed("bytes", error) }
    }

    private func objectsFact(_ address: ObjectAddress) -> ConfinementFact {
        do throws(SluiceError) {
            let probe = try ObjectBlobStore(address).probe()
            var detail = "\(address.text): an object was written, read, listed and deleted; "
            detail += "arrival is proven by \(Self.proofs[probe.arrivalProof] ?? probe.arrivalProof)"
            if let difference = probe.clockDifference, abs(difference) > 60 {
                detail += "; its clock differs by \(abs(difference)) s from this machine's"
            }
            if probe.isUnprotected { detail += "; the line is not encrypted, as asked for" }
            return ConfinementFact(name: "bytes", state: "an object store", detail: detail, isOK: true)
        } catch { return failed("bytes", error) }
    }

    private static let proofs = [
        "signedDigest": "a signed SHA-256", "entityTag": "the entity tag", "readBack": "reading back",
    ]

    private var spoolFact: ConfinementFact {
        do throws(SluiceError) {
            let spool = try FileSpool(SpoolFolder(spoolFolder)).begin(limit: ByteCount(1))
            _ = try spool.finish()
            return ConfinementFact(
                name: "spool", state: "a folder", detail: "\(SafeText.display(spoolFolder)) takes unnamed files",
                isOK: true)
        } catch { return failed("spool", error) }
    }

    private func failed(_ name: String, _ error: SluiceError) -> ConfinementFact {
        ConfinementFact(
            name: name, state: error.code,
            detail: "\(error.what) \(error.why) \(error.mend)\(error.cause.map { " (\($0))" } ?? "")", isOK: false)
    }
}
