using System.Globalization;
using System.Net;
using System.Text;

namespace Blackwall.Tarpit.Banners;

/// <summary>The commands of one client. Text is one character a byte.</summary>
internal sealed class RedisClient(RedisServer server, RedisStore store, IPEndPoint remote)
{
    private const string Done = "+OK\r\n";
    public const string OutOfMemory = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

    private const long LargestAnswer = 4 << 20;

    private static readonly Dictionary<string, string> s_settings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["dir"] = "/var/lib/redis", ["dbfilename"] = "dump.rdb", ["save"] = "3600 1 300 100 60 10000", ["requirepass"] = "", ["maxmemory"] = "0", ["bind"] = "* -::*", ["port"] = "6379", ["protected-mode"] = "no",
        ["appendonly"] = "no", ["databases"] = "16", ["logfile"] = "/var/log/redis/redis-server.log", ["timeout"] = "0", ["loglevel"] = "notice", ["rdbcompression"] = "yes", ["slave-read-only"] = "yes", ["replica-read-only"] = "yes",
        ["stop-writes-on-bgsave-error"] = "yes", ["maxmemory-policy"] = "noeviction", ["tcp-keepalive"] = "300", ["daemonize"] = "yes", ["pidfile"] = "/run/redis/redis-server.pid", ["appendfilename"] = "appendonly.aof",
        ["enable-protected-configs"] = "no", ["enable-debug-command"] = "no", ["enable-module-command"] = "no", ["unixsocket"] = "",
    };

    private static readonly string[] s_protected = ["dir", "dbfilename", "enable-protected-configs", "enable-debug-command", "enable-module-command"];
    private static readonly string[] s_immutable = ["databases", "daemonize", "pidfile", "unixsocket", "logfile", "port-tls", "appenddirname"];

    private readonly Dictionary<string, string> _settings = new(s_settings, StringComparer.OrdinalIgnoreCase);
    private readonly long _id = server.NextClient();
    private string _name = "";

    public bool HasQuit { get; private set; }

    /// <summary>The answer, with its line ends.</summary>
    public string Run(byte[][] words)
    {
        string[] w = [.. words.Select(Encoding.Latin1.GetString)];
        string command = w[0].ToUpperInvariant();
        if (command is "POST" or "HOST:")
        {
            // A browser that was led here: the server ends it without a word.
            HasQuit = true;
            return "";
        }

        (int least, int most) = Arity(command);
        if (least < 0)
        {
            return $"-ERR unknown command '{Cut(w[0])}', with args beginning with: {string.Concat(w.Skip(1).Take(20).Select(argument => $"'{Cut(argument)}' "))}\r\n";
        }

        return w.Length - 1 < least || w.Length - 1 > most ? $"-ERR wrong number of arguments for '{command.ToLowerInvariant()}' command\r\n" : Run(command, w, words);
    }

    private static (int Least, int Most) Arity(string command) => command switch
    {
        "PING" => (0, 1),
        "ECHO" or "GET" or "INCR" or "DECR" or "TTL" or "PTTL" or "TYPE" or "STRLEN" or "KEYS" or "SELECT" or "PERSIST" => (1, 1),
        "SET" => (2, 8),
        "SETNX" or "APPEND" or "EXPIRE" or "SLAVEOF" or "REPLICAOF" or "HGET" or "GETSET" => (2, 2),
        "DEL" or "UNLINK" or "EXISTS" or "MGET" => (1, 1024),
        "MSET" or "INCRBY" or "EVAL" or "SCRIPT" or "HSET" or "LPUSH" or "RPUSH" or "SADD" or "LRANGE" or "PUBLISH" => (1, 1024),
        "AUTH" => (1, 2),
        "SCAN" => (1, 7),
        "CONFIG" or "CLIENT" or "MODULE" or "DEBUG" or "OBJECT" or "MEMORY" or "ACL" or "SLOWLOG" or "LATENCY" => (1, 64),
        "HGETALL" or "LLEN" or "SMEMBERS" or "DUMP" => (1, 1),
        "INFO" or "COMMAND" or "HELLO" or "FLUSHALL" or "FLUSHDB" or "BGSAVE" or "SHUTDOWN" => (0, 64),
        "DBSIZE" or "SAVE" or "LASTSAVE" or "TIME" or "QUIT" or "ROLE" or "BGREWRITEAOF" or "MULTI" or "EXEC" or "DISCARD" or "RANDOMKEY" or "MONITOR" or "RESET" => (0, 0),
        _ => (-1, -1),
    };

    private string Run(string command, string[] w, byte[][] words)
    {
        switch (command)
        {
            case "PING":
                return w.Length > 1 ? Bulk(w[1]) : "+PONG\r\n";
            case "ECHO":
                return Bulk(w[1]);
            case "QUIT":
                HasQuit = true;
                return Done;
            case "AUTH":
                return w.Length == 2 ? "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n"
                    : w[1] is "default" ? Done : "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
            case "SELECT":
                return int.TryParse(w[1], NumberStyles.None, CultureInfo.InvariantCulture, out int database) ? database < 16 ? Done : "-ERR DB index is out of range\r\n" : "-ERR value is not an integer or out of range\r\n";
            case "INFO":
                return Bulk(server.Info(w.Length > 1 ? w[1] : "default", store.Count));
            case "CONFIG":
                return Config(w);
            case "CLIENT":
                return Client(w);
            case "COMMAND":
                return w.Length > 1 && w[1].Equals("COUNT", StringComparison.OrdinalIgnoreCase) ? ":240\r\n" : "*0\r\n";
            case "HELLO":
                return Hello(w);
            case "DBSIZE":
                return Integer(store.Count);
            case "KEYS":
                return List(store.Keys.Where(key => Glob(w[1], key)));
            case "SCAN":
                return $"*2\r\n{Bulk("0")}{List(store.Keys)}";
            case "RANDOMKEY":
                return store.Keys is [var first, ..] ? Bulk(first) : "$-1\r\n";
            case "TYPE":
                return store.Get(w[1]) is null ? "+none\r\n" : "+string\r\n";
            case "TTL" or "PTTL":
                return store.Get(w[1]) is null ? ":-2\r\n" : ":-1\r\n";
            case "FLUSHALL" or "FLUSHDB":
                store.Clear();
                return Done;
            case "SAVE" or "RESET":
                return command is "RESET" ? "+RESET\r\n" : Done;
            case "BGSAVE":
                return "+Background saving started\r\n";
            case "BGREWRITEAOF":
                return "+Background append only file rewriting started\r\n";
            case "LASTSAVE":
                return Integer(server.Machine.BootTime.ToUnixTimeSeconds() + 40);
            case "TIME":
                long micros = server.Machine.Now.ToUnixTimeMilliseconds() * 1000;
                return List([(micros / 1_000_000).ToString(CultureInfo.InvariantCulture), (micros % 1_000_000).ToString(CultureInfo.InvariantCulture)]);
            case "ROLE":
                return "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n";

            // Said to be done; nothing here ever calls another machine.
            case "SLAVEOF" or "REPLICAOF":
                return w[1].Equals("NO", StringComparison.OrdinalIgnoreCase) || int.TryParse(w[2], NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65_536 ? Done : "-ERR Invalid master port\r\n";
            case "MODULE":
                return w[1].Equals("LIST", StringComparison.OrdinalIgnoreCase) ? "*0\r\n" : NotAllowed("MODULE", "module");
            case "DEBUG":
                return NotAllowed("DEBUG", "debug");
            case "SHUTDOWN":
                return "-ERR Errors trying to SHUTDOWN. Check logs.\r\n";
            case "MULTI" or "MONITOR":
                return Done;
            case "EXEC" or "DISCARD":
                return $"-ERR {command} without MULTI\r\n";
            case "EVAL":
                return "-ERR Error compiling script (new function): user_script:1: unexpected symbol near '<eof>' \r\n";
            case "ACL" when w[1].Equals("WHOAMI", StringComparison.OrdinalIgnoreCase):
                return Bulk("default");
            case "ACL" or "SLOWLOG" or "LATENCY" or "MEMORY" or "OBJECT" or "SCRIPT":
                return "*0\r\n";
            default:
                return Data(command, w, words);
        }
    }

    private string Data(string command, string[] w, byte[][] words)
    {
        byte[]? value = store.Get(w[1]);
        switch (command)
        {
            case "GET":
                return value is null ? "$-1\r\n" : Bulk(Encoding.Latin1.GetString(value));
            case "SET" or "GETSET":
                return w.Skip(3).Any(option => option.Equals("NX", StringComparison.OrdinalIgnoreCase)) && value is not null ? "$-1\r\n"
                    : !store.TrySet(w[1], words[2]) ? OutOfMemory : command is "SET" ? Done : value is null ? "$-1\r\n" : Bulk(Encoding.Latin1.GetString(value));
            case "SETNX":
                return value is not null ? ":0\r\n" : store.TrySet(w[1], words[2]) ? ":1\r\n" : OutOfMemory;
            case "APPEND":
                byte[] longer = [.. value ?? [], .. words[2]];
                return store.TrySet(w[1], longer) ? Integer(longer.Length) : OutOfMemory;
            case "STRLEN":
                return Integer(value?.Length ?? 0);
            case "INCR" or "DECR" or "INCRBY":
                long step = command is "DECR" ? -1 : command is "INCR" ? 1 : long.TryParse(w.ElementAtOrDefault(2), CultureInfo.InvariantCulture, out long by) ? by : 0;
                return !long.TryParse(Encoding.Latin1.GetString(value ?? "0"u8.ToArray()), CultureInfo.InvariantCulture, out long number) ? "-ERR value is not an integer or out of range\r\n"
                    : store.TrySet(w[1], Encoding.ASCII.GetBytes(unchecked(number + step).ToString(CultureInfo.InvariantCulture))) ? Integer(unchecked(number + step)) : OutOfMemory;
            case "DEL" or "UNLINK":
                return Integer(w.Skip(1).Count(store.Remove));
            case "EXISTS":
                return Integer(w.Skip(1).Count(key => store.Get(key) is not null));
            case "MGET" when w.Skip(1).Sum(key => (long)(store.Get(key)?.Length ?? 0)) > LargestAnswer:
                return OutOfMemory;
            case "MGET":
                return $"*{N(w.Length - 1)}\r\n" + string.Concat(w.Skip(1).Select(key => store.Get(key) is { } found ? Bulk(Encoding.Latin1.GetString(found)) : "$-1\r\n"));
            case "MSET" when w.Length % 2 == 1:
                return Enumerable.Range(0, w.Length / 2).All(i => store.TrySet(w[1 + (2 * i)], words[2 + (2 * i)])) ? Done : OutOfMemory;
            case "MSET":
                return "-ERR wrong number of arguments for 'mset' command\r\n";
            case "EXPIRE" or "PERSIST":
                return value is null ? ":0\r\n" : ":1\r\n";
            case "DUMP" or "HGET":
                return value is null ? "$-1\r\n" : WrongType;
            case "HGETALL" or "SMEMBERS" or "LRANGE":
                return value is null ? "*0\r\n" : WrongType;
            case "LLEN" or "PUBLISH":
                return ":0\r\n";
            default:
                return value is null ? ":1\r\n" : WrongType;
        }
    }

    private const string WrongType = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

    private string Config(string[] w)
    {
        switch (w[1].ToUpperInvariant())
        {
            case "GET" when w.Length > 2:
                return List(_settings.Where(setting => w.Skip(2).Any(pattern => Glob(pattern, setting.Key))).SelectMany(setting => new[] { setting.Key, setting.Value }));
            case "SET" when w.Length > 3 && w.Length % 2 == 0:
                for (int i = 2; i < w.Length; i += 2)
                {
                    if (!_settings.ContainsKey(w[i]))
                    {
                        return $"-ERR Unknown option or number of arguments for CONFIG SET - '{Cut(w[i])}'\r\n";
                    }

                    if (s_protected.Contains(w[i], StringComparer.OrdinalIgnoreCase))
                    {
                        return $"-ERR CONFIG SET failed (possibly related to argument '{w[i].ToLowerInvariant()}') - can't set protected config\r\n";
                    }

                    if (s_immutable.Contains(w[i], StringComparer.OrdinalIgnoreCase))
                    {
                        return $"-ERR CONFIG SET failed (possibly related to argument '{w[i].ToLowerInvariant()}') - can't set immutable config\r\n";
                    }

                    _settings[w[i]] = Cut(w[i + 1]);
                }

                return Done;
            case "RESETSTAT":
                return Done;
            case "REWRITE":
                return "-ERR Rewriting config file: Permission denied\r\n";
            default:
                return $"-ERR unknown subcommand or wrong number of arguments for '{Cut(w[1])}'. Try CONFIG HELP.\r\n";
        }
    }

    private string Client(string[] w)
    {
        switch (w[1].ToUpperInvariant())
        {
            case "LIST":
                return Bulk($"id={N(_id)} addr={remote} laddr=0.0.0.0:6379 fd=8 name={_name} age=1 idle=0 flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf=26 qbuf-free=20448 argv-mem=10 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=0 omem=0 tot-mem=22298 events=r cmd=client|list user=default redir=-1 resp=2\n");
            case "ID":
                return Integer(_id);
            case "SETNAME" when w.Length > 2:
                _name = Cut(w[2]);
                return Done;
            case "GETNAME":
                return _name.Length == 0 ? "$-1\r\n" : Bulk(_name);
            default:
                return w[1].Equals("SETINFO", StringComparison.OrdinalIgnoreCase) ? "-ERR unknown subcommand 'SETINFO'. Try CLIENT HELP.\r\n" : Done;
        }
    }

    private string Hello(string[] w) => w.Length > 1 && w[1] is not "2" ? "-NOPROTO unsupported protocol version\r\n"
        : $"*14\r\n{Bulk("server")}{Bulk("redis")}{Bulk("version")}{Bulk(RedisServer.Version)}{Bulk("proto")}:2\r\n{Bulk("id")}{Integer(_id)}{Bulk("mode")}{Bulk("standalone")}{Bulk("role")}{Bulk("master")}{Bulk("modules")}*0\r\n";

    private static string NotAllowed(string command, string option) =>
        $"-ERR {command} command not allowed. If the enable-{option}-command option is set to \"local\", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.\r\n";

    private static bool Glob(string pattern, string text) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "", StringComparison.Ordinal), text, ignoreCase: false);

    private static string Bulk(string text) => $"${N(text.Length)}\r\n{text}\r\n";

    private static string Integer(long number) => $":{N(number)}\r\n";

    private static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return $"*{N(all.Length)}\r\n{string.Concat(all.Select(Bulk))}";
    }

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

    // What an error repeats has no line ends.
    private static string Cut(string text) => (text.Length > 128 ? text[..128] : text).Replace('\r', ' ').Replace('\n', ' ');
}
