// What can be wrong with a multipart body, as codes; their words stand in the table of errors. Every defect ends the request with 400.

import SluiceModel

/// A multipart body that is not read any further. The raw value is its code, stable like a finding's.
public enum MultipartDefect: String, Error, Sendable, CaseIterable {
    case boundaryMissing = "multipart.boundary-missing"
    case boundaryInvalid = "multipart.boundary-invalid"
    case preambleTooLong = "multipart.preamble-too-long"
    case delimiterAmbiguous = "multipart.delimiter-ambiguous"
    case cutShort = "multipart.cut-short"
    case tooManyParts = "multipart.too-many-parts"
    case headTooLong = "multipart.head-too-long"
    case headMalformed = "multipart.head-malformed"
    case dispositionMissing = "multipart.disposition-missing"
    case dispositionMalformed = "multipart.disposition-malformed"
    case namesConflict = "multipart.names-conflict"
    case nameEncoding = "multipart.name-encoding"
    case encodingNotTaken = "multipart.encoding-not-taken"
    case fieldTooLong = "multipart.field-too-long"
    case tailTooLong = "multipart.tail-too-long"

    public var code: String { rawValue }

    private var definition: ErrorDefinition { .named(rawValue) ?? .internal }

    /// What was found.
    public var what: String { definition.what }

    /// The cheapest way to have it taken.
    public var mend: String { definition.remedy }
}
