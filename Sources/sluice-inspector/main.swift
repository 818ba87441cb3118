// The confined inspector. It is started by `sluice`, never by hand: descriptor 3 is the socket to the program that starts it.

internal import SluiceInspection
internal import SluiceModel
internal import SluiceSandbox

// A stand-in until the inspection of a whole attachment is there: recognizes nothing, so nothing is accepted.
InspectorService.run(arguments: CommandLine.arguments.dropFirst()) { _, _, _ in Inspection() }
