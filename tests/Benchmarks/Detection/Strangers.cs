using System.Text;
using Blackwall.Kernel.Tests.Packets;

namespace Blackwall.Benchmarks.Detection;

/// <summary>
/// The second family, from outside: written by somebody who did not know the detectors, from how servers and tools talk. Whole conversations,
/// with the words that servers say.
/// </summary>
internal static class Strangers
{
    private static readonly string[] Protocols = ["ssh", "ftp", "mysql", "basic", "form", "rdp", "smtp", "imap", "pop3", "telnet"];

    /// <summary>Ten protocols at four paces, several tries in one connection, and from port to port.</summary>
    public static Tape Guessing(int seed)
    {
        Tape tape = new(seed);
        int number = 0;
        foreach (string protocol in Protocols)
        {
            foreach ((double pace, int count) in new[] { (0.2, 150), (2.0, 80), (30.0, 50), (120.0, 100) })
            {
                string guesser = Guesser(tape, ++number, out double from);
                for (int i = 0; i < count; i++)
                {
                    Try(tape, from + (i * pace) + (pace * 0.3 * tape.Dice.NextDouble()), protocol, guesser, "10.20.0.10", 1);
                }
            }

            if (protocol is not ("mysql" or "rdp"))
            {
                string patient = Guesser(tape, ++number, out double start);
                for (int i = 0; i < 12; i++)
                {
                    Try(tape, start + (i * 60), protocol, patient, "10.20.0.11", protocol is "basic" or "form" ? 40 : 5);
                }
            }
        }

        string wanderer = Guesser(tape, ++number, out double begin);
        for (int i = 0; i < 150; i++)
        {
            Try(tape, begin + (i * 60), Protocols[i % 10], wanderer, "10.20.0.12", 1);
        }

        return tape;
    }

    /// <summary>Eight hours of what comes to the same doors with a right to: jobs with keys, pools of connections, old passwords, an office.</summary>
    public static Tape Programs(int seed)
    {
        Tape tape = new(seed);
        Every(tape, 60, "203.0.113.2", (at, who) => Ssh(tape, at, who, 1800, 3700 + tape.Dice.Next(4000)));
        Every(tape, 10, "203.0.113.3", (at, who) => Ssh(tape, at, who, 1500, 2900 + tape.Dice.Next(2500)));
        Every(tape, 300, "203.0.113.4", (at, who) => Ssh(tape, at, who, 60_000, 9000));
        Every(tape, 5, "203.0.113.5", (at, who) => tape.Converse(at, who, "10.20.0.13", 3306, false,
            (false, Greeting(tape), 0.01), (true, Login(tape), 0.01), (false, [7, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0], 0.01), (true, Command("SELECT 1"), 0.1), (false, tape.Noise(70), 0.01), (true, Command("\u0001"), 0.2)));
        Every(tape, 120, "203.0.113.6", (at, who) => Mail(tape, at, who, isRight: true));
        Every(tape, 900, "203.0.113.7", (at, who) => Mail(tape, at, who, isRight: false));
        Every(tape, 60, "203.0.113.8", (at, who) => tape.Converse(at, who, "10.20.0.14", 80, false,
            (true, Text("GET /app HTTP/1.1\r\nHost: a\r\n\r\n"), 0.01), (false, Text("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n"), 0.01),
            (true, Text("GET /app HTTP/1.1\r\nHost: a\r\nAuthorization: NTLM TlRMTVNTUAAB\r\n\r\n"), 0.02), (false, Text("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM TlRM\r\nContent-Length: 0\r\n\r\n"), 0.01),
            (true, Text("GET /app HTTP/1.1\r\nHost: a\r\nAuthorization: NTLM TlRMTVNTUAAD\r\n\r\n"), 0.02), (false, Text("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + new string('x', 900)), 0.05)));
        for (int i = 0; i < 600; i++)
        {
            // One address, three hundred people: every eighth login is a mistake.
            double at = tape.Dice.NextDouble() * 28_000;
            string protocol = Protocols[tape.Dice.Next(Protocols.Length)];
            if (i % 8 == 0 && protocol is not ("mysql" or "rdp" or "telnet"))
            {
                Try(tape, at, protocol, "203.0.113.9", "10.20.0.15", 1);
            }
            else if (i % 2 == 0)
            {
                Mail(tape, at, "203.0.113.9", isRight: true);
            }
            else
            {
                Ssh(tape, at, "203.0.113.9", 4000, 9000);
            }
        }

        return tape;
    }

    /// <summary>What packets alone can do: slow ping sweeps, floods in strangers' names, answers that nobody asked for.</summary>
    public static Tape Packets(int seed)
    {
        Tape tape = new(seed);
        foreach ((double pace, int make) in new[] { (0.05, 1), (10.0, 2), (300.0, 3) })
        {
            string sweeper = $"45.{make}.{tape.Dice.Next(255)}.9";
            for (int i = 0; i < 40; i++)
            {
                tape.Echo(i * pace, sweeper, $"10.20.3.{1 + i}", 8, tape.Noise(36));
            }

            tape.Guilty(sweeper, 0, "ping-sweep");
        }

        string Forged() => $"{tape.Dice.Next(11, 120)}.{tape.Dice.Next(256)}.{tape.Dice.Next(256)}.{tape.Dice.Next(1, 255)}";
        for (int i = 0; i < 20_000; i++)
        {
            double at = i / 4000.0;
            tape.Echo(20_000 + at, Forged(), "10.20.0.31", 8, tape.Noise(36));
            tape.Datagram(20_100 + at, Forged(), "10.20.0.32", tape.Dice.Next(1024, 65_000), tape.Dice.Next(1, 65_000), tape.Noise(64));
            tape.Segment(20_300 + at, $"104.16.{i % 200}.7", "10.20.0.34", 443, tape.Dice.Next(1024, 65_000), Frame.Syn | Frame.Ack, 7, 9, 0);
            tape.Datagram(20_400 + at, $"104.17.{i % 200}.7", "10.20.0.35", i % 2 == 0 ? 53 : 123, 4444, tape.Noise(468));
        }
        return tape;
    }

    /// <summary>A login that MySQL refuses.</summary>
    public static (bool FromClient, byte[] Data, double Pause)[] RefusedByMySql(Tape tape, double pause) =>
        [(false, Greeting(tape), 0.01), (true, Login(tape), 0.02), (false, [.. new byte[] { 72, 0, 0, 2, 0xff, 0x15, 0x04 }, .. Text("#28000Access denied for user 'a'@'b' (using password: YES)")], pause * 0.02)];

    private static string Guesser(Tape tape, int number, out double from)
    {
        string address = number % 4 == 0 ? $"2a01:{number:x}:77::{tape.Dice.Next(1, 65_000):x}" : $"{20 + number}.{tape.Dice.Next(255)}.31.{number}";
        from = 60 + (tape.Dice.NextDouble() * 1500);
        tape.Guilty(address, from, "brute-force");
        return address;
    }

    /// <summary>Tries to log in within one connection, refused in the words of the protocol.</summary>
    public static void Try(Tape tape, double at, string protocol, string who, string where, int tries)
    {
        string server = who.Contains(':', StringComparison.Ordinal) ? "2001:db8:20::" + where[(where.LastIndexOf('.') + 1)..] : where;
        (bool, byte[], double) S(string line, double pause) => (false, Text(line + "\r\n"), pause);
        (bool, byte[], double) C(string line) => (true, Text(line + "\r\n"), 0.03);
        string Word() => $"user{tape.Dice.Next(1000)}";
        List<(bool, byte[], double)> lines = protocol switch
        {
            "ftp" => [S("220 (vsFTPd 3.0.3)", 0.01)],
            "smtp" => [S("220 mx ESMTP Postfix", 0.02), C("EHLO a"), S("250-mx\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME", 0.01)],
            "imap" => [S("* OK [CAPABILITY IMAP4rev1] Dovecot ready.", 0.02)],
            "pop3" => [S("+OK Dovecot ready.", 0.02)],
            "telnet" => [S("Debian GNU/Linux 12\r\nhost login: ", 0.05)],
            "ssh" => [(false, Text("SSH-2.0-OpenSSH_9.2p1\r\n"), 0.01), (true, Text("SSH-2.0-libssh2_1.10.0\r\n"), 0.01), (false, tape.Noise(1080), 0), (true, tape.Noise(900), 0.02), (false, tape.Noise(560), 0.02)],
            _ => [],
        };
        for (int i = 0; i < tries; i++)
        {
            lines.AddRange(protocol switch
            {
                "ftp" => [C($"USER {Word()}"), S("331 Please specify the password.", 0.01), C($"PASS {Word()}"), S("530 Login incorrect.", 2)],
                "smtp" => [C("AUTH LOGIN"), S("334 VXNlcm5hbWU6", 0.01), C("dGVzdA=="), S("334 UGFzc3dvcmQ6", 0.01), C("dGVzdDEyMw=="), S("535 5.7.8 Error: authentication failed", 1.5)],
                "imap" => [C($"a{i} LOGIN {Word()} {Word()}"), S($"a{i} NO [AUTHENTICATIONFAILED] Authentication failed.", 2)],
                "pop3" => [C($"USER {Word()}"), S("+OK", 0.01), C($"PASS {Word()}"), S("-ERR [AUTH] Authentication failed.", 2)],
                "telnet" => [C(Word()), S("Password: ", 0.05), C(Word()), S("\r\nLogin incorrect\r\nhost login: ", 2)],
                "basic" => [C($"GET /admin/ HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {Convert.ToBase64String(Text(Word()))}\r\n"), S("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n", 0.02)],
                "form" => [C($"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 27\r\n\r\nuser=admin&password={tape.Dice.Next(1_000_000):D7}"), S("HTTP/1.1 302 Found\r\nLocation: /login?error=1\r\nContent-Length: 0\r\n", 0.3)],
                "mysql" => RefusedByMySql(tape, 1),
                "rdp" => [(true, tape.Noise(43), 0), (false, tape.Noise(19), 0.02), (true, tape.Noise(500), 0.02), (false, tape.Noise(2600), 0.02), (true, tape.Noise(620), 0.05), (false, tape.Noise(280), 0.05)],
                _ => [(true, tape.Noise(148), 0.02), (false, tape.Noise(52), 2)],
            });
        }

        int port = protocol switch { "ssh" => 22, "ftp" => 21, "mysql" => 3306, "basic" => 80, "form" => 8080, "rdp" => 3389, "smtp" => 587, "imap" => 143, "pop3" => 110, _ => 23 };
        tape.Converse(at, who, server, port, tape.Dice.Next(2) == 0, [.. lines]);
    }

    private static void Mail(Tape tape, double at, string who, bool isRight) => tape.Converse(at, who, "10.20.0.16", 143, false,
        (false, Text("* OK [CAPABILITY IMAP4rev1] ready.\r\n"), 0.02), (true, Text("b LOGIN bob secret\r\n"), 0.02),
        (false, Text(isRight ? "b OK Logged in\r\n" : "b NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"), 0.5), (true, Text("z LOGOUT\r\n"), 0.2), (false, Text("* BYE\r\nz OK\r\n"), 0.01));

    private static void Ssh(Tape tape, double at, string who, int up, int down) => tape.Converse(at, who, "10.20.0.17", 22, false,
        (false, Text("SSH-2.0-OpenSSH_9.2p1\r\n"), 0.01), (true, Text("SSH-2.0-OpenSSH_9.6\r\n"), 0.01), (false, tape.Noise(1080), 0), (true, tape.Noise(up), 0.02), (false, tape.Noise(down - 1102), 0.2));

    private static void Every(Tape tape, double pace, string who, Action<double, string> act)
    {
        for (double at = pace * tape.Dice.NextDouble(); at < 8 * 3600; at += pace * (0.95 + (0.1 * tape.Dice.NextDouble())))
        {
            act(at, who);
        }
    }

    private static byte[] Greeting(Tape tape) => [.. new byte[] { 74, 0, 0, 0, 10 }, .. Text("8.0.36\0"), .. tape.Noise(66)];

    private static byte[] Login(Tape tape) => [.. new byte[] { 96, 0, 0, 1, 0x85, 0xa6, 0x0f, 0 }, .. tape.Noise(92)];

    private static byte[] Command(string text) => [(byte)(text.Length + 1), 0, 0, 0, 3, .. Text(text)];

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
