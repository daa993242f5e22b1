using System.Text;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

/// <summary>Logins and misses that another site can make a browser cause limit its owner at most.</summary>
public sealed class LedLoginTests
{
    private const string Person = "203.0.113.61";
    private const string Led = "Sec-Fetch-Site: cross-site\r\nReferer: https://evil.example/\r\n";

    private readonly Traffic _traffic = new();

    [Theory]
    [InlineData(22, 480, 60, SshState.None, Facts.Http)]
    [InlineData(8022, 480, 77, SshState.Odd, Facts.Http)]
    [InlineData(8022, 1800, 77, SshState.Odd, Facts.Tls)]
    [InlineData(5900, 480, 12, SshState.None, Facts.Http)]
    [InlineData(5900, 1800, 12, SshState.None, Facts.Tls)]
    [InlineData(3389, 480, 19, SshState.None, Facts.Http)]
    [InlineData(3389, 1800, 19, SshState.None, Facts.Tls)]
    [InlineData(2323, 480, 300, SshState.None, Facts.Http)]
    public void A_browsers_words_at_another_service_are_no_login(int port, ulong bytesIn, ulong bytesOut, SshState ssh, Facts facts)
    {
        for (int i = 0; i < 60; i++)
        {
            _traffic.Wait(1).Use(Person, port, remotePort: 40_000 + i, bytesIn: bytesIn, bytesOut: bytesOut, ssh: ssh, facts: facts);
        }

        Assert.Empty(_traffic.Decisions);
        Assert.DoesNotContain(_traffic.Recorded, e => e.Kind is "brute-force");
    }

    [Theory]
    [InlineData(22, 1155, 1773, SshState.Refused, Facts.None)]
    [InlineData(8022, 1155, 1773, SshState.Odd, Facts.None)]
    [InlineData(5900, 29, 40, SshState.None, Facts.None)]
    [InlineData(3389, 900, 2400, SshState.None, Facts.Tls)]
    public void What_speaks_the_services_own_protocol_is_a_login(int port, ulong bytesIn, ulong bytesOut, SshState ssh, Facts facts)
    {
        for (int i = 0; i < 8; i++)
        {
            _traffic.Wait(1).Use(Person, port, remotePort: 40_000 + i, bytesIn: bytesIn, bytesOut: bytesOut, ssh: ssh, facts: facts);
        }

        Assert.Equal([Verdict.Drop], _traffic.Verdicts);
    }

    [Theory]
    [InlineData(Facts.Http, Verdict.RateLimit)]
    [InlineData(Facts.None, Verdict.Drop)]
    public void A_form_that_a_server_takes_for_commands_limits(Facts facts, Verdict verdict)
    {
        _traffic.Establish(Person, 6379);
        for (int i = 0; i < 60; i++)
        {
            _traffic.Wait(3).Send(EventKind.LoginRefused, Person, 6379, Traffic.Server, Traffic.Tcp, 40_000, flags: 0x18, facts: facts);
        }

        Assert.All(_traffic.Verdicts, v => Assert.Equal(verdict, v));
        Assert.NotEmpty(_traffic.Decisions);
    }

    [Theory]
    [InlineData(Led, 404, Verdict.RateLimit)]
    [InlineData("Sec-Fetch-Dest: image\r\n", 410, Verdict.RateLimit)]
    [InlineData("", 404, Verdict.Drop)]
    public void Pictures_that_do_not_exist_on_a_page_of_another_site_limit(string headers, int status, Verdict verdict)
    {
        for (int i = 0; i < 400; i++)
        {
            _traffic.Wait(0.02).Request(Person, $"GET /word{i} HTTP/1.1\r\nHost: a\r\n{headers}\r\n");
            _traffic.Answer(Person, status);
        }

        Assert.Equal([verdict], _traffic.Verdicts.Distinct());
        Assert.Equal(verdict == Verdict.Drop ? EvidenceClass.Application : EvidenceClass.Spoofable, _traffic.Decisions[0].Evidence[0].Class);
    }

    [Fact]
    public void Pictures_of_another_site_do_not_turn_what_their_viewer_reads_into_misses()
    {
        for (int i = 0; i < 250; i++)
        {
            _traffic.Wait(0.02).Request(Person, $"GET /page{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            for (int n = 0; n < 30; n++)
            {
                _traffic.Wait(0.0001).Request(Person, $"GET /picture{i}-{n} HTTP/1.1\r\nHost: a\r\n{Led}\r\n");
                _traffic.Answer(Person, 404);
            }
        }

        Assert.NotEmpty(_traffic.Decisions);
        Assert.All(_traffic.Verdicts, v => Assert.Equal(Verdict.RateLimit, v));
    }

    [Fact]
    public void Who_looks_for_what_is_there_is_found_behind_pictures_of_another_site()
    {
        for (int i = 0; i < 900; i++)
        {
            _traffic.Wait(0.01).Request(Person, $"GET /word{i} HTTP/1.1\r\nHost: a\r\n{(i < 400 ? Led : "")}\r\n");
            _traffic.Answer(Person, 404);
        }

        Assert.Equal([Verdict.RateLimit, Verdict.Drop], _traffic.Verdicts);
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(401, false)]
    public void Credentials_that_another_site_sends_limit(int status, bool requestComesFirst)
    {
        for (int i = 0; i < 60; i++)
        {
            Try(i, Led, status, requestComesFirst);
        }

        Assert.NotEmpty(_traffic.Decisions);
        Assert.All(_traffic.Decisions, d => Assert.Equal((Verdict.RateLimit, EvidenceClass.Spoofable), (d.Verdict, d.Evidence[0].Class)));
    }

    [Fact]
    public void Seven_own_failures_and_those_of_another_site_do_not_add_up_and_an_eighth_own_one_is_told_at_once()
    {
        for (int i = 0; i < 7; i++)
        {
            Try(i, "", 401, requestComesFirst: true);
            Try(100 + i, Led, 401, requestComesFirst: true);
        }

        Assert.Empty(_traffic.Decisions);
        Try(200, Led, 401, requestComesFirst: true);
        Assert.Equal([Verdict.RateLimit], _traffic.Verdicts);
        Try(201, "", 401, requestComesFirst: true);
        Assert.Equal([Verdict.RateLimit, Verdict.Drop], _traffic.Verdicts);
    }

    private void Try(int i, string headers, int status, bool requestComesFirst)
    {
        string request = $"GET /private HTTP/1.1\r\nHost: a\r\n{headers}Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{i}"))}\r\n\r\n";
        _traffic.Wait(1);
        if (requestComesFirst)
        {
            _traffic.Request(Person, request, remotePort: 40_000 + i);
            _traffic.Answer(Person, status, remotePort: 40_000 + i);
            return;
        }

        _traffic.Establish(Person, 80, remotePort: 40_000 + i);
        _traffic.Wait(0.01).Answer(Person, status, remotePort: 40_000 + i);
        _traffic.Wait(-0.01).Request(Person, request, remotePort: 40_000 + i);
    }
}
