// Findings of the family `image.*`: their codes, levels and words.

extension FindingDefinition {
    public static let imageTooManyPixels = FindingDefinition(
        "image.too-many-pixels", .reject,
        title: "The image is too large to open safely.", endangers: true, ways: [.saveAs],
        what: "The image claims {0} × {1} pixels; allowed are {2} pixels in all and {3} along a side.",
        why: "So large an image can exhaust the memory of the program that shows it.",
        mend: "Scale the image down, or crop it to the part that matters.")

    public static let imageTruncated = FindingDefinition(
        "image.truncated", .reject,
        title: "The image is cut short.", ways: [.saveAs],
        what: "The image ends too early: {0} is cut off at byte {1}.",
        why: "Part of the picture is missing, and viewers show different things in its place.",
        mend: "Copy the file again from its source; a transfer was probably interrupted.")

    public static let imageBroken = FindingDefinition(
        "image.broken-structure", .reject,
        title: "The image is damaged.", ways: [.saveAs],
        what: "The image's structure is broken at byte {1}: {0}.",
        why: "Only its beginning looks like an image; what follows cannot be shown to be one.",
        mend: "Open the image in a viewer, save it again under a new name, and send that copy.")

    public static let imageChecksumWrong = FindingDefinition(
        "image.checksum-wrong", .reject,
        title: "The image is damaged: a checksum is wrong.", ways: [.saveAs],
        what: "The checksum of the PNG chunk {0} at byte {1} does not match its bytes.",
        why: "The file was damaged or changed after it was written.",
        mend: "Copy the file again from its source, or open the image and save it again.")

    public static let imageTrailingBytes = FindingDefinition(
        "image.trailing-bytes", .reject,
        title: "Other data stands behind the image.", ways: [.saveAs],
        what: "{0} of other content follow the end of the image, from byte {1} on; they look like {2}.",
        why: "A viewer ignores them, so nobody sees what else the file carries.",
        mend: "Open the image in a viewer and save it again; send other content as a file of its own.")

    public static let imageUnaccountedBytes = FindingDefinition(
        "image.unaccounted-bytes", .reject,
        title: "The image holds data that belongs to nothing.", ways: [.saveAs],
        what: "{0} between the image's headers and its pixels, from byte {1} on, belong to neither.",
        why: "A viewer ignores them, so nobody sees what else the file carries.",
        mend: "Open the image in a viewer and save it again.")

    public static let imageSecondFormat = FindingDefinition(
        "image.second-format", .reject,
        title: "The image is also a file of another kind.", ways: [.saveAs],
        what: "The file is an image and at the same time {0} (at byte {1}).",
        why: "Different programs would open different things.",
        mend: "Open the image in a viewer and save it again; send the other content as a file of its own.")

    public static let imagePadding = FindingDefinition(
        "image.padding", .note,
        title: "Empty padding follows the image.",
        what: "{0} of empty padding follow the image.",
        why: "Cameras and some programs fill the file up; the padding holds nothing.",
        mend: "Nothing need be done.")

    public static let imageExtraPictures = FindingDefinition(
        "image.extra-pictures", .note,
        title: "The photo carries further pictures.",
        what: "The photo carries {0} further pictures behind the first one, as its own headers say.",
        why: "Cameras store previews, depth maps and brightness maps so; most viewers show only the first picture.",
        mend: "Nothing need be done.")

    public static let imageMotionVideo = FindingDefinition(
        "image.motion-video", .note,
        title: "The photo carries a short video.",
        what: "The photo carries a short video of {0} behind the picture, as its own headers say.",
        why: "Phones store motion photos so; most viewers show only the picture.",
        mend: "Nothing need be done; export the photo as a still image if the video should not be sent.")

    public static let imageCameraData = FindingDefinition(
        "image.camera-data", .note,
        title: "The photo carries data of its camera.",
        what: "The photo carries {0} of camera data behind the picture ({1}).",
        why: "The camera's own programs use it; viewers ignore it.",
        mend: "Nothing need be done.")

    public static let imageSizeField = FindingDefinition(
        "image.size-field", .note,
        title: "The image gives a wrong file size.",
        what: "The header says that the file has {0}, but it has {1}.",
        why: "Some programs never fill this field in; viewers ignore it.",
        mend: "Nothing need be done.")

    public static let imageAnimationOdd = FindingDefinition(
        "image.animation-odd", .warning,
        title: "The image's animation is not well-formed.",
        what: "The image's animation is not well-formed at byte {1}: {0}.",
        why: "Viewers may show only the first picture.",
        mend: "Nothing need be done if the first picture is what matters; otherwise export the animation again.")

    public static let imageEndMissing = FindingDefinition(
        "image.end-missing", .warning,
        title: "The image has no end mark.",
        what: "The image has no end mark behind its last pixel, at byte {0}; all of its pixels are there.",
        why: "Some phones and interrupted downloads leave the mark out; viewers show the whole image all the same.",
        mend: "Nothing need be done.")

    public static let imageStraySegment = FindingDefinition(
        "image.stray-segment", .warning,
        title: "The photo holds bytes that belong to no segment.",
        what: "{0} at byte {1} stand between the segments of the photo; viewers skip them.",
        why: "Some phones write a segment whose marker is wrong; its length accounts for its bytes.",
        mend: "Nothing need be done; open the photo and save it again to be rid of them.")

    public static let imageFewBytes = FindingDefinition(
        "image.few-bytes", .note,
        title: "A few bytes follow the image.",
        what: "{0} follow the end of the image, from byte {1} on; so few hold nothing.",
        why: "Some programs leave such a rest behind; viewers ignore it.",
        mend: "Nothing need be done.")

    public static let imageCroppedRemains = FindingDefinition(
        "image.cropped-remains", .reject,
        title: "The image still carries the rest of an earlier picture.",
        what:
            "Behind the image, from byte {1} on, follow {0} of an earlier, larger picture that was saved under the same name.",
        why:
            "What was cropped away or covered can be recovered from them; some programs for screenshots did not remove it.",
        mend: "Open the image, save it under a new name, and send that copy; it holds only what you see.")

    public static let imageExpandsTooFar = FindingDefinition(
        "image.expands-too-far", .reject,
        title: "The image unpacks to far more than it can need.", endangers: true,
        what: "{0} of the image expands to more than {1}.",
        why: "It would exhaust the memory of the program that shows it; real images need far less.",
        mend: "Open the image, save it again under a new name, and send that copy.")

    public static let imageHiddenData = FindingDefinition(
        "image.hidden-data", .warning,
        title: "The image holds data that no viewer shows.",
        what: "The image holds hidden data of {0} in {1}; it looks like {2}.",
        why: "Viewers skip it, so nobody sees what else the file carries.",
        mend: "Nothing need be done if the data may be sent; otherwise open the image and save it again.")

    public static let imageHiddenFile = FindingDefinition(
        "image.hidden-file", .quarantine,
        title: "Another file is hidden in the image.",
        what: "The image holds hidden data of {0} in {1} that begins like {2}.",
        why: "Viewers skip it, so nobody sees what else the file carries; a person looks at it first.",
        mend: "Open the image and save it again; send the other file by itself.")

    public static let imagePosition = FindingDefinition(
        "image.gps", .note,
        title: "The photo says where it was taken.",
        what: "The photo says where it was taken (GPS position).",
        why: "Everybody who receives the photo can read it.",
        mend: "Nothing need be done; remove the location in the photo's properties if it should not be shared.")

    /// In the order in which `sluice findings` lists them.
    static let imageFamily: [FindingDefinition] = [
        imageTooManyPixels, imageTruncated, imageBroken, imageChecksumWrong, imageTrailingBytes, imageUnaccountedBytes,
        imageSecondFormat, imagePadding, imageExtraPictures, imageMotionVideo, imageCameraData, imageSizeField,
        imageAnimationOdd, imageEndMissing, imageStraySegment, imageFewBytes, imageCroppedRemains, imageExpandsTooFar,
        imageHiddenData, imageHiddenFile, imagePosition,
    ]
}
