// `/api/v1/releases`: what people let pass, and how it is taken back.

package import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStore

extension Routes {
    static let releases = Route("GET", "/api/v1/releases", .reviewer) { (request, context) throws(Problem) in
        .receiver(
            NoBody { () throws(Problem) in
                do throws(SluiceError) {
                    var object = JSONObject()
                    let found = try context.services.store.review.allReleases(of: context.caller.ticket)
                    object.add("releases", found.map(ReleaseAnswer.object))
                    return .json(200, object)
                } catch { throw Problem(error) }
            })
    }

    static let revokeRelease = Route("DELETE", "/api/v1/releases/{id}", .reviewer) {
        (request, context) throws(Problem) in
        .receiver(
            NoBody { () throws(Problem) in
                let (id, caller) = (request.text(0), context.caller)
                let isDone: Bool
                do throws(SluiceError) {
                    let review = context.services.store.review
                    // A bound reviewer takes back what holds on its ticket alone.
                    let reached = try review.allReleases(of: caller.ticket)
                    if reached.contains(where: { $0.id == id }) {
                        isDone = try review.revokeRelease(id, by: caller.person)
                    } else {
                        isDone = false
                    }
                } catch { throw Problem(error) }
                if isDone { return .noContent }
                throw Problem(404, "request.no-such-release", "There is no such release.", remedy: "List the releases.")
            })
    }
}

package enum ReleaseAnswer {
    package static func object(_ release: Release) -> JSONObject {
        var object = JSONObject()
        object.add("id", release.id)
        object.add("sha256", release.digest.hexadecimal)
        object.add("ticket", release.ticket?.text)
        object.add("everywhere", release.ticket == nil)
        object.add("attachment", release.attachment)
        object.add("codes", texts: release.codes)
        object.add("by", release.person)
        object.add("note", release.note)
        object.add("released", AttachmentTime.text(release.releasedAt))
        object.add("revoked", release.revokedAt.map(AttachmentTime.text))
        object.add("revokedBy", release.revokedBy)
        return object
    }
}
