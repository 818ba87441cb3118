// Whether the program is alive.

import SluicePipeline

extension Route {
    static let health = Route("GET", "/healthz", nil) { (_, _) throws(Problem) in
        var object = JSONObject()
        object.add("status", "ok")
        return .answer(.json(200, object))
    }
}
