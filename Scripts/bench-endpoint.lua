-- What wrk sends: forms with one file each. SLUICE_BENCH_KIND is `small` (4 KB logs, each of its own content), `same` (9 MB, one content) or
-- `large` (9 MB, each of its own content); the file, the path and the token come by the environment as well.
local kind = os.getenv("SLUICE_BENCH_KIND")
local path = os.getenv("SLUICE_BENCH_PATH")
local token = os.getenv("SLUICE_BENCH_TOKEN")
local run = os.getenv("SLUICE_BENCH_RUN")
local source = assert(io.open(os.getenv("SLUICE_BENCH_FILE"), "rb"))
local content = source:read("*a")
source:close()

local boundary = "----sluice-bench-7f3a91"
-- The first line tells one content from all others. Both have the same length in every request.
local first = "2026-01-02T03:04:05.678Z INFO  [worker-%02d] run=%s request=%012d accepted\n"
local naming = "node-%s-%02d-%012d.txt"
local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
    if not list then list = {} end
    table.insert(list, thread)
end

function init(args)
    count = 0
    number = number or 0
    run = os.getenv("SLUICE_BENCH_RUN")
    bad = 0
    firstBad = 0
    headers = { ["Content-Type"] = "multipart/form-data; boundary=" .. boundary }
    if token and token ~= "" then headers["Authorization"] = "Bearer " .. token end
    local line = string.format(first, 0, run, 0)
    local name = string.format(naming, run, 0, 0)
    head = "--" .. boundary .. "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
    middle = "\"\r\nContent-Type: text/plain\r\n\r\n"
    tail = "\r\n--" .. boundary .. "--\r\n"
    -- Made once: of a request as little as possible is put together while it is measured, since that costs the machine as well.
    rest = string.sub(content, #line + 1) .. tail
    local length = "Content-Length: " .. (#head + #name + #middle + #line + #rest)
    start = string.gsub(wrk.format("POST", path, headers, ""), "Content%-Length: 0", length) .. head
    if kind == "same" then
        same = wrk.format("POST", path, headers, head .. "node.txt" .. middle .. content .. tail)
    end
end

function request()
    if same then return same end
    count = count + 1
    return start .. string.format(naming, run, number, count) .. middle .. string.format(first, number, run, count) .. rest
end

function response(status, headers, body)
    if status ~= 201 and status ~= 200 then
        bad = bad + 1
        firstBad = status
    end
end

function done(summary, latency, requests)
    local refused, status = 0, 0
    for _, thread in ipairs(list) do
        refused = refused + thread:get("bad")
        if thread:get("firstBad") ~= 0 then status = thread:get("firstBad") end
    end
    local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
    print(string.format(
        "{\"requests\":%d,\"seconds\":%.6f,\"p50\":%.3f,\"p99\":%.3f,\"most\":%.3f,\"refused\":%d,\"status\":%d,\"errors\":%d}",
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3, refused,
        status, errors))
end
