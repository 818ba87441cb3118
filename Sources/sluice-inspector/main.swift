// The confined inspector. `sluice` starts it; it cannot be used by hand. Descriptor 3 is the socket to the program that starts it.

import SluiceInspection
import SluiceModel
import SluiceSandbox

let arguments = CommandLine.arguments.dropFirst()
if arguments.first == InspectorLibraries.question {
    LibraryVersions.lines.forEach { print($0) }
} else {
    let inspection = AttachmentInspection()
    InspectorService.run(arguments: arguments) { (descriptor, size, order) throws(SluiceError) in
        try inspection.inspect(descriptor: descriptor, size: size, order)
    } extract: { (entry, descriptor, size, order, sink) throws(SluiceError) in
        try inspection.extract(entry, descriptor: descriptor, size: size, order, to: sink)
    }
}
