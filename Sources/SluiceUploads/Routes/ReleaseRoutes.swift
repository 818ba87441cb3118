// `/api/v1/releases`: what people let pass, and how it is taken back.

import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStorage

extension Routes {
    static let releases = Route("GET", "/api/v1/releases", .reviewer) { (request, context) throws(Problem) in
        .receiver(
            NoBody { () throws(Problem) in
                do throws(SluiceError) {
                    var object = JSONObject()
                    let found = try context.services.store.review.allReleases(of: context.caller.ticket)
                    object.add("releases", found.map(StoredObject.object))
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
