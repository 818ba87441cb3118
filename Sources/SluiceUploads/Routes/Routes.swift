// The routes of the endpoint: each file beside this one adds its own. Their list is in the folder Endpoint.

import SluiceServer

typealias Route = SluiceServer.Route<UploadContext>

package enum Routes {}
