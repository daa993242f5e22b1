using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Notifications;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Notifications;

/// <summary>What people are told arrives, signed, bounded, and holds up nobody.</summary>
public sealed class NotificationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-notify-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_block_reaches_a_signed_webhook_syslog_and_sendmail()
    {
        using HttpListener server = new();
        string url = $"http://127.0.0.1:{FreePort()}/hook/";
        server.Prefixes.Add(url);
        server.Start();
        using Socket log = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        string socket = Path.Combine(_folder, "log");
        log.Bind(new UnixDomainSocketEndPoint(socket));
        (string sendmail, string mail) = Sendmail("cat");
        using ApplianceFactory appliance = new($"""
            [notify]
            on = ["block"]
            webhook = "{url}"
            webhook_secret = "0123456789abcdef"
            syslog = "{socket}"
            mail_to = ["ops@example.org"]
            sendmail = "{sendmail}"
            """);
        using HttpClient client = appliance.Operator();
        Task<HttpListenerContext> asked = server.GetContextAsync();
        Evidence seen = Evidence.Create(Address.Parse("203.0.113.9"), "port-scan", EvidenceClass.Handshake, 0.9, TimeProvider.System.GetUtcNow(), new EvidenceFacts(CommonFindings.All[0]));
        PublishResult made = appliance.Board.Publish(new DecisionRequest(Prefix.Parse("203.0.113.9"), Verdict.Drop, Origin.Local, "port-scan", 0.9, TimeSpan.FromMinutes(10), [seen], null, "appliance"));
        Assert.NotNull(made.Decision);

        HttpListenerContext context = await asked.WaitAsync(Cancellation);
        using MemoryStream body = new();
        await context.Request.InputStream.CopyToAsync(body, Cancellation);
        string stamp = context.Request.Headers["X-Blackwall-Timestamp"]!;
        byte[] signedBytes = [.. Encoding.ASCII.GetBytes(stamp + "."), .. body.ToArray()];
        byte[] signature = HMACSHA256.HashData("0123456789abcdef"u8, signedBytes);
        Assert.Equal($"v1={Convert.ToHexStringLower(signature)}", context.Request.Headers["X-Blackwall-Signature"]);
        context.Response.Close();
        JsonNode told = JsonNode.Parse(body.ToArray())!;
        Assert.Equal(("block", "203.0.113.9", "drop", "port-scan"), ((string)told["kind"]!, (string)told["address"]!, (string)told["verdict"]!, (string)told["reason"]!));

        byte[] datagram = new byte[8192];
        int length = await log.ReceiveAsync(datagram, Cancellation);
        Assert.StartsWith("<132>1 ", Encoding.UTF8.GetString(datagram, 0, length), StringComparison.Ordinal);
        string message = await Eventually.Reads(() => File.Exists(mail) ? File.ReadAllText(mail) : "", text => text.EndsWith('\n') && text.Contains("\n\n", StringComparison.Ordinal));
        Assert.Contains("To: ops@example.org\n", message, StringComparison.Ordinal);
        Assert.Contains("203.0.113.9", Encoding.UTF8.GetString(Convert.FromBase64String(message[message.IndexOf("\n\n", StringComparison.Ordinal)..].Trim())), StringComparison.Ordinal);
        JsonNode list = (await client.GetFromJsonAsync<JsonNode>("notifications", Cancellation))!;
        Assert.All(list["items"]!.AsArray(), channel => Assert.True((bool)channel!["used"]!));
    }

    [Fact]
    public async Task A_test_says_of_each_channel_whether_it_arrived()
    {
        (string sendmail, _) = Sendmail("echo 'no such relay' >&2; exit 75; cat");
        using ApplianceFactory appliance = new($"[notify]\nwebhook = \"http://127.0.0.1:{FreePort()}/\"\nmail_to = [\"ops@example.org\"]\nsendmail = \"{sendmail}\"\n");
        using HttpClient client = appliance.Operator();
        JsonNode answer = await ApplianceFactory.JsonOf(await client.PostAsync("notifications/test", null, Cancellation));
        Dictionary<string, JsonNode> channels = answer["items"]!.AsArray().ToDictionary(item => (string)item!["name"]!, item => item!, StringComparer.Ordinal);
        Assert.Contains("cannot be reached", (string)channels["webhook"]["fault"]!, StringComparison.Ordinal);
        Assert.Contains("ended with 75: no such relay", (string)channels["mail"]["fault"]!, StringComparison.Ordinal);
        Assert.False((bool)channels["syslog"]["used"]!);
        Assert.Contains("do not arrive", appliance.Services.GetRequiredService<NotificationDesk>().Fault!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_so_many_a_minute_are_told_in_one()
    {
        FakeTimeProvider time = new();
        Collector collector = new();
        NotifyOptions options = new() { On = ["block"], PerMinute = 3 };
        using NotificationDesk desk = new([collector], Options.Create(options), time, NullLogger<NotificationDesk>.Instance);
        await desk.StartAsync(Cancellation);
        for (int i = 0; i < 10; i++)
        {
            desk.Add(new Notification(NotificationKind.Block, time.GetUtcNow(), $"block {i}"));
        }

        desk.Add(new Notification(NotificationKind.Lift, time.GetUtcNow(), "not wanted"));
        await Eventually.Reads(() => collector.Sentences, sent => sent.Count == 3);
        desk.TellHeld();
        time.Advance(TimeSpan.FromSeconds(61));
        IReadOnlyList<string> all = await Eventually.Reads(() => collector.Sentences, sent => sent.Count == 4);
        Assert.StartsWith("7 more notifications were held back", all[3], StringComparison.Ordinal);
        await desk.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData("{text}\nBcc: evil@example.org", "a\r\nBcc: x@example.org")]
    [InlineData("{evidence}", "\"; rm -rf /\n.\n")]
    public void Nothing_that_is_told_makes_a_header_or_a_second_message(string template, string hostile)
    {
        Notification notification = new(NotificationKind.Block, TimeProvider.System.GetUtcNow(), hostile) { Evidence = hostile };
        NotifyOptions options = new() { MailTo = ["ops@example.org"], Subject = template, Text = template };
        string message = MailNotifier.Message(notification, options, "edge");
        string head = message[..message.IndexOf("\n\n", StringComparison.Ordinal)];
        Assert.Equal(["From", "To", "Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"], head.Split('\n').Select(line => line.Split(':')[0]));
        Assert.DoesNotContain('\n', SyslogNotifier.Message(notification, template, "edge"));
    }

    [Theory]
    [InlineData("webhook = \"http://192.0.2.1/\"", "must be an https URL, or http on loopback")]
    [InlineData("webhook = \"https://user:pass@example.org/\"", "must be an https URL")]
    [InlineData("mail_to = [\"a@b -oX/tmp\"]", "must be a list of at most 16 mail addresses")]
    [InlineData("text = \"{nosuch}\"", "'nosuch' is none")]
    [InlineData("on = [\"everything\"]", "'everything' is none")]
    [InlineData("syslog = \"udp:nowhere\"", "must be an absolute path or")]
    public void A_wrong_setting_is_named(string line, string why)
    {
        string file = Path.Combine(_folder, "blackwall.toml");
        File.WriteAllText(file, $"[notify]\n{line}\n");
        Blackwall.Config.ApplianceConfig.TryLoad(Blackwall.Config.CommandLine.TryParse(["--config", file], out _)!, new System.Collections.Hashtable(), NotifyOptions.Declare(), out IReadOnlyList<string> errors);
        Assert.Contains(why, Assert.Single(errors), StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private (string Program, string Mail) Sendmail(string command)
    {
        (string program, string mail) = (Path.Combine(_folder, "sendmail"), Path.Combine(_folder, "mail"));
        // Written by another process: a file that this one holds open for writing while some thread of it starts a program cannot be executed.
        string draft = program + ".draft";
        File.WriteAllText(draft, $"#!/bin/sh\n{command} >{mail}\n");
        using System.Diagnostics.Process install = System.Diagnostics.Process.Start("install", ["-m", "0700", draft, program]);
        install.WaitForExit();
        return (program, mail);
    }

    private sealed class Collector : INotifier
    {
        private readonly List<string> _sentences = [];

        public string Name => "collector";

        public bool IsUsed => true;

        public IReadOnlyList<string> Sentences
        {
            get
            {
                lock (_sentences)
                {
                    return [.. _sentences];
                }
            }
        }

        public Task SendAsync(Notification notification, CancellationToken cancellation)
        {
            lock (_sentences)
            {
                _sentences.Add(notification.Sentence);
            }

            return Task.CompletedTask;
        }
    }
}
