// What each route is given beside the request.

package import SluiceModel
import SluiceServer

/// What the endpoint's routes are given beside the request.
package struct UploadContext: RouteContext {
    /// The least role.
    package typealias Need = Role

    let services: Services
    let caller: Caller
    /// Work, bytes and rate are counted by this.
    let account: String
}
