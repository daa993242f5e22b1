using System.Globalization;
using System.Numerics;
using System.Text;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Connections;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>urllib and requests. They reach the web server of the machine; what was asked for elsewhere is recorded.</summary>
internal static class WebModule
{
    private static readonly PythonClass s_urlError = new("URLError", [PythonErrors.Get("OSError")], "urllib.error"), s_httpError = new("HTTPError", [s_urlError], "urllib.error"), s_connection = new("ConnectionError", [PythonErrors.Get("OSError")], "requests.exceptions");

    // The functions of the library that an error passes, with their lines.
    private const string Connecting = """
          File "/usr/lib/python3.12/urllib/request.py", line 1344, in do_open
            h.request(req.get_method(), req.selector, req.data, headers,
          File "/usr/lib/python3.12/http/client.py", line 1336, in request
            self._send_request(method, url, body, headers, encode_chunked)
          File "/usr/lib/python3.12/http/client.py", line 1382, in _send_request
            self.endheaders(body, encode_chunked=encode_chunked)
          File "/usr/lib/python3.12/http/client.py", line 1331, in endheaders
            self._send_output(message_body, encode_chunked=encode_chunked)
          File "/usr/lib/python3.12/http/client.py", line 1091, in _send_output
            self.send(msg)
          File "/usr/lib/python3.12/http/client.py", line 1035, in send
            self.connect()

        """;

    private const string Opening = """
          File "/usr/lib/python3.12/urllib/request.py", line 215, in urlopen
            return opener.open(url, data, timeout)
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          File "/usr/lib/python3.12/urllib/request.py", line 515, in open
            response = self._open(req, data)
                       ^^^^^^^^^^^^^^^^^^^^^

        """;

    public static void FillError(PythonMachine machine, PythonModule error) => (error.Members["URLError"], error.Members["HTTPError"]) = (s_urlError, s_httpError);

    public static void FillRequest(PythonMachine machine, PythonModule request)
    {
        request.AddAsync("urlopen", async (m, a) => await OpenAsync(m, a.Need(0, "url") is PythonObject { Native: string url } ? url : a.Text(0, "url"), a.Get(1, "data") as byte[], Patience(a, 2)));
        request.AddAsync("urlretrieve", async (m, a) =>
        {
            PythonObject answer = await OpenAsync(m, a.Text(0, "url"), null, null);
            string name = a.Has(1, "filename") ? a.Text(1, "filename") : "/tmp/tmp" + m.Random.Next(100_000).ToString(CultureInfo.InvariantCulture);
            PythonObject file = PythonFile.Open(m, new CallArguments("open", [name, "wb"], CallArguments.None));
            await m.Calls.CallAsync(PythonMembers.Get(m, file, "write"), await m.Calls.CallAsync(PythonMembers.Get(m, answer, "read")));
            await m.Calls.CallAsync(PythonMembers.Get(m, file, "close"));
            return new PythonTuple([name, null]);
        });
        request.Add("Request", (m, a) => new PythonObject(new PythonClass("Request", [], "urllib.request")) { Native = a.Text(0, "url") });
        FillParse(machine, request);
    }

    private static TimeSpan? Patience(CallArguments a, int at) => a.Get(at, "timeout") is BigInteger or double ? TimeSpan.FromSeconds(Math.Clamp(a.Real(at, "timeout"), 0.001, 86_400)) : null;

    private static async ValueTask<PythonObject> OpenAsync(PythonMachine machine, string url, byte[]? data, TimeSpan? patience)
    {
        machine.State.Log.Record(new Observation(ObservationKinds.Download) { Name = "python3", Text = url });
        await machine.FlushAsync();
        if (!url.Contains(':', StringComparison.Ordinal))
        {
            throw PythonErrors.Value($"unknown url type: {PythonText.Represent(url)}");
        }

        if (url.StartsWith("file://", StringComparison.Ordinal))
        {
            return PythonFile.Open(machine, new CallArguments("open", [url[7..], "rb"], CallArguments.None));
        }

        if (WebAddress.Parse(url) is not { Scheme: "http" or "https" } address)
        {
            throw Error($"unknown url type: {url.Split(':')[0]}", null, Opening);
        }

        for (int redirects = 0; redirects < 10; redirects++)
        {
            (WebAnswer? answer, PythonException? fault) = await AskAsync(machine, address, data, patience);
            if (fault is not null)
            {
                string kind = address.IsEncrypted ? "HTTPS" : "HTTP";
                fault.Library = Connecting.ReplaceLineEndings("\n") + fault.Library;
                string rest = Opening.ReplaceLineEndings("\n") + $"  File \"/usr/lib/python3.12/urllib/request.py\", line 532, in _open\n    result = self._call_chain(self.handle_open, protocol, protocol +\n             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.12/urllib/request.py\", line 492, in _call_chain\n    result = func(*args)\n             ^^^^^^^^^^^\n  File \"/usr/lib/python3.12/urllib/request.py\", line {(kind is "HTTP" ? 1373 : 1392)}, in {kind.ToLowerInvariant()}_open\n    return self.do_open(http.client.{kind}Connection, req{(kind is "HTTP" ? ")" : ",")}\n           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^{(kind is "HTTP" ? "" : "^")}\n  File \"/usr/lib/python3.12/urllib/request.py\", line 1347, in do_open\n    raise URLError(err)\n";
                throw Error(PythonErrors.Text(fault.Value), fault, rest);
            }

            if (answer!.Status is >= 300 and < 400 && answer.Field("Location") is { } location && address.Follow(location) is { } next)
            {
                address = next;
                continue;
            }

            if (answer.Status >= 400)
            {
                PythonException error = PythonErrors.New(s_httpError, $"HTTP Error {answer.Status}: {answer.Reason}");
                error.Value.Members["code"] = (BigInteger)answer.Status.Value;
                error.Library = Opening.ReplaceLineEndings("\n") + "  File \"/usr/lib/python3.12/urllib/request.py\", line 521, in open\n    response = meth(req, response)\n               ^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.12/urllib/request.py\", line 630, in http_response\n    response = self.parent.error(\n               ^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.12/urllib/request.py\", line 639, in http_error_default\n    raise HTTPError(req.full_url, code, msg, hdrs, fp)\n";
                throw error;
            }

            PythonObject made = PythonFile.OfContent(url, answer.Body, isBinary: true);
            (made.Members["status"], made.Members["code"], made.Members["url"], made.Members["reason"], made.Members["headers"]) = ((BigInteger)(answer.Status ?? 200), (BigInteger)(answer.Status ?? 200), address.Url, answer.Reason, Fields(answer));
            return made;
        }

        throw Error("too many redirects", null, Opening);
    }

    private static PythonException Error(string reason, PythonException? before, string library)
    {
        PythonException error = PythonErrors.New(s_urlError, $"<urlopen error {reason}>");
        error.Value.Members["reason"] = before?.Value ?? (object)reason;
        (error.Before, error.Library) = (before, library.ReplaceLineEndings("\n"));
        return error;
    }

    private static PythonDictionary Fields(WebAnswer answer) => PythonReflection.Map(answer.Head.Split("\r\n").Skip(1).Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => (object?)group.First()[1], StringComparer.Ordinal));

    private static async ValueTask<(WebAnswer? Answer, PythonException? Fault)> AskAsync(PythonMachine machine, WebAddress address, byte[]? data, TimeSpan? patience)
    {
        Attempt attempt = await Dialer.DialAsync(machine.State, address.Host, address.Port, patience, machine.Cancellation);
        const string create = "  File \"/usr/lib/python3.12/http/client.py\", line 1001, in connect\n    self.sock = self._create_connection(\n                ^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.12/socket.py\", line ";
        PythonException? fault = attempt.Reach switch
        {
            Reach.Connected => null,
            Reach.UnknownName => PythonErrors.New(SocketModule.NameError, (BigInteger)(-3), attempt.Error),
            Reach.TimedOut when patience is not null => PythonErrors.New("TimeoutError", "timed out"),
            Reach.TimedOut => PythonErrors.System(110),
            Reach.NoRoute => PythonErrors.System(113),
            _ => PythonErrors.System(111),
        };
        if (fault is not null)
        {
            fault.Library = attempt.Reach is Reach.UnknownName
                ? create + "829, in create_connection\n    for res in getaddrinfo(host, port, 0, SOCK_STREAM):\n               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.12/socket.py\", line 964, in getaddrinfo\n    for res in _socket.getaddrinfo(host, port, family, type, proto, flags):\n               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
                : create + "852, in create_connection\n    raise exceptions[0]\n  File \"/usr/lib/python3.12/socket.py\", line 837, in create_connection\n    sock.connect(sa)\n";
            return (null, fault);
        }

        await using Stream raw = attempt.Stream!;
        Stream? stream = address.IsEncrypted ? await WebTalk.EncryptAsync(raw, address.Host, machine.State.Turns, machine.Cancellation) : raw;
        if (address.IsEncrypted)
        {
            PythonException untrusted = PythonErrors.New(new PythonClass("SSLCertVerificationError", [PythonErrors.Get("OSError")], "ssl"), stream is null ? "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1000)" : "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1000)");
            return (null, untrusted);
        }

        string head = $"{(data is null ? "GET" : "POST")} {address.Target} HTTP/1.1\r\nAccept-Encoding: identity\r\n{(data is null ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {data.Length}\r\n"))}Host: {address.Authority}\r\nUser-Agent: Python-urllib/3.12\r\nConnection: close\r\n\r\n";
        WebAnswer? answer = await WebTalk.AskAsync(stream!, [.. Encoding.Latin1.GetBytes(head), .. data ?? []], true, machine.State.Turns, machine.Cancellation);
        return answer is null ? (null, PythonErrors.New("ConnectionResetError", (BigInteger)104, "Connection reset by peer")) : (answer, null);
    }

    public static void FillParse(PythonMachine machine, PythonModule parse)
    {
        const string plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";
        string Quoted(byte[] bytes, string safe) => string.Concat(bytes.Select(value => plain.Contains((char)value, StringComparison.Ordinal) || safe.Contains((char)value, StringComparison.Ordinal) ? ((char)value).ToString() : string.Create(CultureInfo.InvariantCulture, $"%{value:X2}")));
        byte[] Bytes(CallArguments a) => a.Need(0) as byte[] ?? PythonEncoding.ToShell(PythonText.Plain(a.Need(0)));
        parse.Add("quote", (m, a) => Quoted(Bytes(a), a.Has(1, "safe") ? a.Text(1, "safe") : "/"));
        parse.Add("quote_plus", (m, a) => Quoted(Bytes(a), " ").Replace(' ', '+'));
        parse.Add("unquote", (m, a) => Uri.UnescapeDataString(a.Text(0)));
        parse.Add("unquote_plus", (m, a) => Uri.UnescapeDataString(a.Text(0).Replace('+', ' ')));
        parse.Add("urlencode", (m, a) => string.Join('&', (a.Need(0) as PythonDictionary ?? throw PythonErrors.Type("not a valid non-string sequence or mapping object")).Items.Select(item => $"{Quoted(PythonEncoding.ToShell(PythonText.Plain(item.Key)), " ").Replace(' ', '+')}={Quoted(PythonEncoding.ToShell(PythonText.Plain(item.Value)), " ").Replace(' ', '+')}")));
        parse.Add("urlparse", (m, a) =>
        {
            string text = a.Text(0), scheme = text.Contains("://", StringComparison.Ordinal) ? text.Split("://")[0] : "", rest = scheme.Length > 0 ? text[(scheme.Length + 3)..] : text;
            string[] parts = rest.Split('#', 2), query = parts[0].Split('?', 2);
            int slash = scheme.Length > 0 ? query[0].IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? at : query[0].Length : 0;
            string place = query[0][..slash];
            PythonObject result = OsModule.Record("ParseResult", [("scheme", scheme), ("netloc", place), ("path", query[0][slash..]), ("params", ""), ("query", query.ElementAtOrDefault(1) ?? ""), ("fragment", parts.ElementAtOrDefault(1) ?? "")]);
            (result.Members["hostname"], result.Members["port"]) = (place.Split('@')[^1].Split(':')[0], place.Split(':') is [.., var port] && place.Contains(':', StringComparison.Ordinal) && BigInteger.TryParse(port, CultureInfo.InvariantCulture, out BigInteger number) ? number : null);
            return result;
        });
    }

    public static void FillRequests(PythonMachine machine, PythonModule requests)
    {
        foreach (string method in new[] { "get", "post", "put", "head" })
        {
            requests.AddAsync(method, async (m, a) =>
            {
                string url = a.Text(0, "url");
                m.State.Log.Record(new Observation(ObservationKinds.Download) { Name = "python3", Text = url });
                WebAddress address = WebAddress.Parse(url) is { Scheme: "http" or "https" } parsed && url.Contains("://", StringComparison.Ordinal) ? parsed : throw PythonErrors.New(new PythonClass("MissingSchema", [PythonErrors.Get("ValueError")], "requests.exceptions"), $"Invalid URL {PythonText.Represent(url)}: No scheme supplied. Perhaps you meant https://{url}?");
                (WebAnswer? answer, PythonException? fault) = await AskAsync(m, address, method is "post" ? PythonEncoding.ToShell(PythonText.Plain(a.Get(1, "data", ""))) : null, Patience(a, 9));
                if (answer is null)
                {
                    string reason = PythonErrors.Text(fault!.Value), kind = address.IsEncrypted ? "HTTPSConnection" : "HTTPConnection";
                    throw PythonErrors.New(s_connection, $"{kind}Pool(host='{address.Host}', port={address.Port.ToString(CultureInfo.InvariantCulture)}): Max retries exceeded with url: {address.Target} (Caused by {(fault.Value.Type.Is(SocketModule.NameError) ? "NameResolutionError" : "NewConnectionError")}(\"<urllib3.connection.{kind} object at {PythonText.Address(address)}>: {(fault.Value.Type.Is(SocketModule.NameError) ? $"Failed to resolve '{address.Host}' ({reason})" : $"Failed to establish a new connection: {reason}")}\"))");
                }

                PythonObject made = new(new PythonClass("Response", [], "requests.models"));
                string text = PythonEncoding.FromBytes(answer.Body);
                (made.Members["status_code"], made.Members["text"], made.Members["content"], made.Members["ok"], made.Members["url"], made.Members["headers"]) = ((BigInteger)(answer.Status ?? 200), text, answer.Body, answer.Status < 400, url, Fields(answer));
                made.Members["json"] = new NativeFunction("json", (machine, b) => new(JsonModule.Read(text)));
                made.Members["__repr_text__"] = $"<Response [{answer.Status}]>";
                return made;
            });
        }
    }
}
