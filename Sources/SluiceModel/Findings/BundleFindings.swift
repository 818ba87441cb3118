// Findings of the family `bundle.*`: the binary logs that come in a trusted bundle (event logs, packet captures).

extension FindingDefinition {
    public static let bundleEventLogBroken = FindingDefinition(
        "bundle.event-log-broken", .reject,
        title: "The Windows event log is damaged.",
        what: "The Windows event log is damaged: {0}.",
        why: "Event Viewer cannot read all of it, so it cannot be proven.",
        mend: "Export the log again with \"Save all events as\" in Event Viewer and send that.")

    public static let bundleEventLogInUse = FindingDefinition(
        "bundle.event-log-in-use", .note,
        title: "The event log was copied while Windows wrote to it.",
        what: "The event log was copied while Windows was writing to it.",
        why: "Its last events may be missing.",
        mend: "Nothing need be done; export it with Event Viewer to have all of it.")

    public static let bundleCaptureBroken = FindingDefinition(
        "bundle.capture-broken", .reject,
        title: "The packet capture is damaged.",
        what: "The packet capture is damaged: {0}.",
        why: "What stands there is no packet, so the file cannot be proven.",
        mend: "Open the capture in Wireshark, save it as pcapng and send that.")

    public static let bundleCaptureCut = FindingDefinition(
        "bundle.capture-cut", .warning,
        title: "The packet capture is cut short.",
        what: "The packet capture ends inside a packet, {0} before its end.",
        why: "That is so when a capture is stopped hard; the packets before it are whole.",
        mend: "Nothing need be done.")

    public static let bundleTrailingData = FindingDefinition(
        "bundle.trailing-data", .reject,
        title: "Other data stands behind the log.",
        what: "{0} stand behind the end of the log.",
        why: "They belong to no part of it, and another program may read them as something else.",
        mend: "Export the log again and send that.")

    /// In the order in which `sluice findings` lists them.
    static let bundleFamily: [FindingDefinition] = [
        bundleEventLogBroken, bundleEventLogInUse, bundleCaptureBroken, bundleCaptureCut, bundleTrailingData,
    ]
}
