// Writes a policy as the JSON5 file that would give it, for `sluice policy show`.

public import SluiceModel

extension Policy {
    /// Everything that is in force, with comments. Reading it back gives the same policy.
    public func written() -> String {
        func quoted(_ text: String) -> String {
            var out = ""
            JSONObject.quote(text, into: &out)
            return out
        }
        func list(_ texts: [String]) -> String { "[" + texts.map(quoted).joined(separator: ", ") + "]" }
        // The field is required, but the base hardly matters, since everything is written out. Levels are added to those of the base.
        let namesake = Policy.builtIn.first { $0.name == name && $0.levels.keys.allSatisfy { levels[$0] != nil } }
        let base = namesake?.name ?? "portal"
        func size(_ size: ByteCount) -> String {
            // The short form where it has the same value, which is so for sizes that people write; otherwise the exact bytes.
            let short = size.short
            if ByteCount(short) == size && !short.hasSuffix("bytes") { return "\"\(short)\"" }
            // JSON numbers are exact only up to here; digits in quotes always are.
            return size.bytes <= 1_000_000_000_000_000 ? "\(size.bytes)" : "\"\(size.bytes)\""
        }
        func size(_ quota: Quota) -> String {
            guard case .atMost(let most) = quota else { return "\"unlimited\"" }
            return size(ByteCount(most))
        }
        func count(_ quota: Quota) -> String {
            guard case .atMost(let most) = quota else { return "\"unlimited\"" }
            return "\(most)"
        }
        let levelLines = levels.sorted { $0.key < $1.key }.map { "    \"\($0.key)\": \"\($0.value.rawValue)\"," }
        return """
            // Policy \(SafeText.display(name)), version \(SafeText.display(version)). Sizes: 1 MB is 1024 × 1024 bytes. Levels: note, warning, quarantine, reject.
            {
              base: "\(base)",
              name: \(quoted(name)),
              // The byte after it ends the reception.
              sizeLimit: \(size(sizeLimit)),
              extensions: \(list(types.map(\.fileExtension.description))),
              // "unproven": libmagic is asked only where our own recognizer has not accounted for every byte. "always": in every case.
              secondOpinion: "\(secondOpinion.rawValue)",
              archives: {
                entries: \(archives.entries),
                expandedSize: \(size(archives.expandedSize)),
                // Expanded to stored bytes of one member, once it is past ratioFloor.
                ratio: \(archives.ratio),
                ratioFloor: \(size(archives.ratioFloor)),
                depth: \(archives.depth),
                nameLength: \(size(archives.nameLength)),
                seconds: \(archives.wallClock.components.seconds),
                // A member that is no text is held whole to be recognized; a larger one could not be checked.
                heldMember: \(size(archives.heldMember)),
                // Containers of other kinds that are listed and expanded (cab, 7z, rar, iso); any other one could not be checked.
                expand: \(list(ForeignContainer.allCases.filter(archives.expand.contains).map(\.rawValue))),
              },
              images: { pixels: \(images.pixels), side: \(images.side) },
              // Inside archives, besides any text and every allowed type.
              memberTypes: \(list(memberTypes)),
              // Whether text is taken under any name whatever, unless a desktop starts files of that name.
              unlistedText: \(unlistedText),
              // What a log or an archive of logs tells at a glance: times, hosts, products, severities, commonest errors.
              card: \(card),
              // At the endpoint; each a limit or "unlimited". Days end at midnight, UTC.
              quotas: {
                ticketSize: \(size(quotas.ticketSize)),
                ticketAttachments: \(count(quotas.ticketAttachments)),
                submitterSizePerDay: \(size(quotas.submitterSizePerDay)),
                submitterAttachmentsPerDay: \(count(quotas.submitterAttachmentsPerDay)),
                // Unfinished uploads of one submitter, the bytes they have announced, and how long they are kept.
                openUploads: \(count(quotas.openUploads)),
                unfinishedSize: \(size(quotas.unfinishedSize)),
                uploadHours: \(quotas.uploadHours),
              },
              // Levels that differ from the ones `sluice findings` lists.
              levels: {\(levelLines.isEmpty ? "" : "\n" + levelLines.joined(separator: "\n") + "\n  ")},
            }

            """
    }
}
