using System.Collections;
using System.Globalization;
using System.Text;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Replay;
using Xunit;

namespace Blackwall.Kernel.Tests.Replay;

/// <summary>
/// What captures lead to, packet by packet, as it was agreed on: a change of programs or detection that changes a verdict changes a file.
/// UPDATE_GOLDEN=1 writes the files anew; read the difference before you commit it.
/// </summary>
[Collection(KernelCollection.Name)]
public sealed class GoldenTests
{
    private const string Attacker = "203.0.113.10";
    private const string Attacker6 = "2001:db8:bad::10";
    private const string Client = "198.51.100.20";
    private const string Server = "192.0.2.5";
    private const string Server6 = "2001:db8:5::5";

    public static TheoryData<string> Captures => ["scan", "scan6", "probes", "guessing", "visits"];

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_capture_leads_to_the_verdicts_that_were_agreed_on(string name)
    {
        string actual = Trace(Of(name));
        string golden = GoldenFile(name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is "1")
        {
            File.WriteAllText(golden, actual);
        }

        string[] expected = File.ReadAllLines(golden);
        string[] lines = actual.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < Math.Max(expected.Length, lines.Length); i++)
        {
            Assert.Equal(expected.ElementAtOrDefault(i), lines.ElementAtOrDefault(i));
        }
    }

    private static byte[] Of(string name) => name switch
    {
        "scan" => new Capture().Visit(Client, Server, 50_000).Scan(Attacker, Server, 60).Visit(Client, Server, 50_001).Visit(Attacker, Server, 50_002).ToArray(),
        "scan6" => new Capture().Scan(Attacker6, Server6, 60).Visit(Attacker6, Server6, 50_002).ToArray(),
        "probes" => Probes().ToArray(),
        "guessing" => Guessing().ToArray(),
        _ => Visits().ToArray(),
    };

    private static Capture Probes()
    {
        Capture capture = new();
        string[] targets = ["/.env", "/.git/config", "/wp-login.php", "/etc/passwd", "/phpmyadmin/", "/actuator/env", "/.aws/credentials", "/solr/admin/"];
        for (int i = 0; i < targets.Length; i++)
        {
            capture.Say(Attacker, Server, (ushort)(41_000 + i), 80, $"GET {targets[i]} HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        }

        return capture.Say(Client, Server, 50_010, 80, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }

    private static Capture Guessing()
    {
        Capture capture = new();

        // As much as a guesser says until he is refused; greetings alone are a monitor's check.
        string keysAndPassword = new('k', 1100), keysAndRefusal = new('r', 1300);
        for (int i = 0; i < 14; i++)
        {
            capture.Say(Attacker, Server, (ushort)(42_000 + i), 22, "SSH-2.0-libssh_0.10\r\n" + keysAndPassword, "SSH-2.0-OpenSSH_9.2p1\r\n" + keysAndRefusal).Wait(400);
        }

        return capture.Say(Client, Server, 50_020, 22, "SSH-2.0-OpenSSH_9.2p1\r\n", "SSH-2.0-OpenSSH_9.2p1\r\n");
    }

    // A browser that opens many connections at once, for ten minutes: nothing may be decided.
    private static Capture Visits()
    {
        Capture capture = new();
        for (int i = 0; i < 40; i++)
        {
            capture.Visit(Client, Server, (ushort)(43_000 + i));
            if (i % 8 == 7)
            {
                capture.Wait(120_000);
            }
        }

        return capture;
    }

    private static string Trace(byte[] capture)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, capture);
            using MemoryStream output = new();
            using StringWriter errors = new(CultureInfo.InvariantCulture);
            int code = ReplayCommand.Run([file, "--json", "--packets"], new Hashtable(), output, errors);
            Assert.True(code == 0, $"{code}: {errors}");
            return Encoding.UTF8.GetString(output.ToArray());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string GoldenFile(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Blackwall.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "tests", "Kernel.Tests", "Replay", "Golden", $"{name}.jsonl");
    }
}
