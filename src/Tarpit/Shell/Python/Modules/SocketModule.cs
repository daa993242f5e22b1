using System.Net;
using System.Numerics;
using Blackwall.Tarpit.Shell.Connections;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>socket: connections reach the machine itself and nothing else, as those of every program.</summary>
internal static class SocketModule
{
    private const int MostSockets = 64;

    public static PythonClass NameError { get; } = new("gaierror", [PythonErrors.Get("OSError")], "socket");

    private static readonly PythonClass s_socket = MakeSocket();

    public static void Fill(PythonMachine machine, PythonModule socket)
    {
        foreach ((string name, int number) in new[] { ("AF_INET", 2), ("AF_INET6", 10), ("AF_UNIX", 1), ("AF_PACKET", 17), ("SOCK_STREAM", 1), ("SOCK_DGRAM", 2), ("SOCK_RAW", 3), ("SOL_SOCKET", 1), ("SO_REUSEADDR", 2), ("SO_KEEPALIVE", 9), ("SO_BROADCAST", 6), ("IPPROTO_TCP", 6), ("IPPROTO_UDP", 17), ("IPPROTO_ICMP", 1), ("IPPROTO_RAW", 255), ("TCP_NODELAY", 1), ("SHUT_RD", 0), ("SHUT_WR", 1), ("SHUT_RDWR", 2), ("INADDR_ANY", 0) })
        {
            socket.Members[name] = (BigInteger)number;
        }

        (socket.Members["error"], socket.Members["timeout"], socket.Members["gaierror"], socket.Members["herror"]) = (PythonErrors.Get("OSError"), PythonErrors.Get("TimeoutError"), NameError, PythonErrors.Get("OSError"));
        socket.Add("socket", (m, a) => Make(m, (int)a.Whole(1, "type", 1)));
        socket.Add("gethostname", (m, a) => m.State.Visit.Memory.HostName);
        socket.Add("getfqdn", (m, a) => m.State.Visit.Memory.HostName);
        socket.AddAsync("gethostbyname", async (m, a) => (await ResolveAsync(m, a.Text(0))).ToString());
        socket.AddAsync("gethostbyname_ex", async (m, a) => new PythonTuple([a.Text(0), new PythonList(), new PythonList([(await ResolveAsync(m, a.Text(0))).ToString()])]));
        socket.AddAsync("getaddrinfo", async (m, a) => await ResolveAsync(m, a.Text(0)) is var address ? new PythonList([new PythonTuple([(BigInteger)2, BigInteger.One, (BigInteger)6, "", new PythonTuple([address.ToString(), a.Get(1)])])]) : null);
        socket.Add("inet_aton", (m, a) => IPAddress.TryParse(a.Text(0), out IPAddress? address) ? address.GetAddressBytes() : throw PythonErrors.New("OSError", "illegal IP address string passed to inet_aton"));
        socket.Add("inet_ntoa", (m, a) => a.Bytes(0) is { Length: 4 } bytes ? new IPAddress(bytes).ToString() : throw PythonErrors.New("OSError", "packed IP wrong length"));
        socket.Add("htons", (m, a) => (BigInteger)(((a.Whole(0) & 0xFF) << 8) | ((a.Whole(0) >> 8) & 0xFF)));
        socket.Add("ntohs", (m, a) => (BigInteger)(((a.Whole(0) & 0xFF) << 8) | ((a.Whole(0) >> 8) & 0xFF)));
        socket.Add("setdefaulttimeout", (m, a) => null);
        socket.AddAsync("create_connection", async (m, a) =>
        {
            PythonObject made = Make(m, 1);
            ((Socket)made.Native!).Patience = a.Has(1, "timeout") && a.Get(1, "timeout") is not null ? TimeSpan.FromSeconds(Math.Clamp(a.Real(1, "timeout"), 0, 86_400)) : null;
            await ConnectAsync(m, (Socket)made.Native!, a.Need(0, "address"));
            return made;
        });
    }

    private static async ValueTask<IPAddress> ResolveAsync(PythonMachine machine, string host)
    {
        if (Dialer.Resolve(machine.State, host) is { } address)
        {
            return address;
        }

        await machine.Call.WaitAsync(4);
        throw PythonErrors.New(NameError, (BigInteger)(-3), "Temporary failure in name resolution");
    }

    private static PythonObject Make(PythonMachine machine, int kind)
    {
        if (kind == 3 && machine.State.Visit.UserId != 0)
        {
            throw PythonErrors.System(1);
        }

        Socket socket = new(kind);
        if (machine.Descriptors.Count >= MostSockets)
        {
            throw PythonErrors.New("OSError", (BigInteger)24, "Too many open files");
        }

        socket.Number = Enumerable.Range(3, MostSockets + 1).First(number => !machine.Descriptors.ContainsKey(number));
        machine.Descriptors[socket.Number] = socket;
        return new PythonObject(s_socket) { Native = socket };
    }

    private static (string Host, int Port) Address(object? value) => value is PythonTuple { Items: [string host, BigInteger port, ..] }
        ? port < 0 || port > 65535 ? throw PythonErrors.New("OverflowError", "connect(): port must be 0-65535.") : (host, (int)port)
        : value is PythonTuple { Items.Count: 2 } pair ? throw PythonErrors.Type($"{(pair.Items[0] is string ? $"'{PythonText.TypeName(pair.Items[1])}' object cannot be interpreted as an integer" : "str, bytes or bytearray expected, not " + PythonText.TypeName(pair.Items[0]))}")
        : throw PythonErrors.Type($"connect(): AF_INET address must be tuple, not {PythonText.TypeName(value)}");

    private static async ValueTask ConnectAsync(PythonMachine machine, Socket socket, object? address)
    {
        (string host, int port) = Address(address);
        machine.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Download) { Name = "python3", Text = $"connect {host} {port.ToString(System.Globalization.CultureInfo.InvariantCulture)}", Host = host });
        await machine.FlushAsync();
        if (socket.Kind == 2)
        {
            return;
        }

        Attempt attempt = await Dialer.DialAsync(machine.State, host.Length == 0 ? "0.0.0.0" : host, port, socket.Patience, machine.Cancellation);
        socket.Stream = attempt.Stream;
        _ = attempt.Reach switch
        {
            Reach.Connected => socket,
            Reach.UnknownName => throw PythonErrors.New(NameError, (BigInteger)(-3), attempt.Error),
            Reach.TimedOut when socket.Patience is not null => throw PythonErrors.New("TimeoutError", "timed out"),
            Reach.TimedOut => throw PythonErrors.System(110),
            Reach.NoRoute => throw PythonErrors.System(113),
            _ => throw PythonErrors.System(111),
        };
        ConnectionIo io = new(attempt.Stream!);
        socket.Streams = (ShellInput.From(io, machine.State.Turns), new PeerOutput(io, isError: false));
    }

    private static PythonClass MakeSocket()
    {
        PythonClass type = new("socket", [], "socket");
        void Add(string name, Func<PythonMachine, Socket, CallArguments, ValueTask<object?>> body) => type.Members[name] = new NativeFunction(name, (m, a) => body(m, (Socket)((PythonObject)a.Values[0]!).Native!, a));
        Add("connect", async (m, socket, a) =>
        {
            await ConnectAsync(m, socket, a.Need(1));
            return null;
        });
        Add("connect_ex", async (m, socket, a) =>
        {
            try
            {
                await ConnectAsync(m, socket, a.Need(1));
                return BigInteger.Zero;
            }
            catch (PythonException e) when (e.Value.Members.GetValueOrDefault("errno") is BigInteger number && !e.Value.Type.Is(NameError))
            {
                return number;
            }
            catch (PythonException e) when (e.Value.Type.Is(PythonErrors.Get("TimeoutError")))
            {
                return (BigInteger)11;
            }
        });
        foreach (string name in new[] { "send", "sendall" })
        {
            Add(name, async (m, socket, a) =>
            {
                byte[] bytes = a.Bytes(1);
                await (socket.Streams?.Output ?? throw PythonErrors.System(socket.Kind == 1 ? 32 : 107)).WriteAsync(bytes, m.Cancellation);
                return name is "send" ? (BigInteger)bytes.Length : null;
            });
        }

        Add("sendto", (m, socket, a) => new((BigInteger)a.Bytes(1).Length));
        Add("recv", async (m, socket, a) => await ReceiveAsync(m, socket, (int)Math.Clamp(a.Whole(1), 0, 1 << 20)));
        Add("recvfrom", async (m, socket, a) => new PythonTuple([await ReceiveAsync(m, socket, (int)Math.Clamp(a.Whole(1), 0, 1 << 20)), null]));
        Add("settimeout", (m, socket, a) =>
        {
            socket.Patience = a.Get(1) is null ? null : TimeSpan.FromSeconds(Math.Clamp(a.Real(1), 0.001, 86_400));
            return new((object?)null);
        });
        Add("close", (m, socket, a) =>
        {
            socket.Dispose();
            m.Descriptors.Remove(socket.Number);
            return new((object?)null);
        });
        Add("fileno", (m, socket, a) => new((BigInteger)socket.Number));
        Add("getsockname", (m, socket, a) => new(new PythonTuple([socket.Bound?.Host ?? "0.0.0.0", (BigInteger)(socket.Bound?.Port ?? 0)])));
        Add("bind", (m, socket, a) =>
        {
            socket.Bound = Address(a.Need(1));
            return m.State.Visit.UserId != 0 && socket.Bound.Value.Port is > 0 and < 1024 ? throw PythonErrors.System(13) : World.Sockets.IsTaken(m.State.Visit.Memory, socket.Bound.Value.Port) ? throw PythonErrors.System(98) : new((object?)null);
        });
        Add("listen", (m, socket, a) =>
        {
            socket.Listening ??= Listening.Open(m.Call, socket.Bound?.Host is { Length: > 0 } host ? host : "0.0.0.0", socket.Bound?.Port ?? 0, (int)Math.Clamp(a.Whole(1, null, 128), 0, 4096), $"python3 {(m.Source is null ? "-c" : m.File)}");
            return new((object?)null);
        });
        Add("accept", async (m, socket, a) =>
        {
            await m.FlushAsync();
            if (await (socket.Listening ?? throw PythonErrors.System(22)).AcceptAsync(socket.Patience, m.Cancellation) is not { } stream)
            {
                throw PythonErrors.New("TimeoutError", "timed out");
            }

            PythonObject made = Make(m, 1);
            ConnectionIo io = new(stream);
            ((Socket)made.Native!).Stream = stream;
            ((Socket)made.Native!).Streams = (ShellInput.From(io, m.State.Turns), new PeerOutput(io, isError: false));
            return new PythonTuple([made, new PythonTuple(["127.0.0.1", (BigInteger)(40_000 + m.Random.Next(20_000))])]);
        });
        foreach (string name in new[] { "setsockopt", "setblocking", "shutdown" })
        {
            Add(name, (m, socket, a) => new((object?)null));
        }

        Add("__enter__", (m, socket, a) => new(a.Values[0]));
        return type;
    }

    private static async ValueTask<object?> ReceiveAsync(PythonMachine machine, Socket socket, int most)
    {
        await machine.FlushAsync();
        if (socket.Streams is not { } streams)
        {
            throw PythonErrors.System(107);
        }

        byte[] bytes = await streams.Input.ReadSomeAsync(machine.Cancellation);
        machine.Reserve(bytes.Length);
        return bytes.Length <= most ? bytes : bytes[..most];
    }

    /// <summary>A socket of a program.</summary>
    internal sealed class Socket(int kind) : IDisposable
    {
        public int Kind => kind;

        public int Number { get; set; }

        public TimeSpan? Patience { get; set; }

        public (string Host, int Port)? Bound { get; set; }

        public Detection.WireStream? Stream { get; set; }

        public Listening? Listening { get; set; }

        public (ShellInput Input, ShellOutput Output)? Streams { get; set; }

        public void Dispose()
        {
            Stream?.Dispose();
            Streams = null;
            Listening?.Dispose();
        }
    }
}
