using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Blackwall.Tests.Api;
using Xunit;

namespace Blackwall.Tests.Siem;

/// <summary>Syslog over TLS and JSON lines, against servers that speak them.</summary>
public sealed class StreamSinkTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;

    public StreamSinkTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    [Theory]
    [InlineData("cef", "CEF:0|Blackwall|Appliance|", "src=203.0.113.1 ")]
    [InlineData("leef", "LEEF:2.0|Blackwall|Appliance|", "src=203.0.113.1\t")]
    public async Task Syslog_over_tls_goes_to_the_server_whose_authority_is_named_and_to_no_other(string format, string begins, string holds)
    {
        (X509Certificate2 own, X509Certificate2 foreign) = (Certificate(), Certificate());
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string url = $"tls://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        await Make(new { name = "syslog", kind = "syslog", url, format, kinds = new[] { "decision" }, caCertificate = foreign.ExportCertificatePem() });
        await Block("203.0.113.1");
        using (TcpClient stranger = await listener.AcceptTcpClientAsync(Cancellation))
        {
            await using SslStream refused = new(stranger.GetStream());
            await Task.WhenAny(refused.AuthenticateAsServerAsync(own));
            await Eventually.Is(() => ((string?)Status("syslog")["lastError"])?.Contains("certificate", StringComparison.OrdinalIgnoreCase) == true);
            Assert.Equal((0, "retrying"), ((int)Status("syslog")["sent"]!, (string?)Status("syslog")["state"]));
        }

        await _client.DeleteAsync("sinks/syslog", Cancellation);
        await Make(new { name = "trusted", kind = "syslog", url, format, kinds = new[] { "decision" }, caCertificate = own.ExportCertificatePem() });
        await Block("203.0.113.1");
        using TcpClient accepted = await listener.AcceptTcpClientAsync(Cancellation);
        await using SslStream tls = new(accepted.GetStream());
        await tls.AuthenticateAsServerAsync(own);
        string message = await SyslogStream.ReadAsync(tls, Cancellation);
        Assert.StartsWith(begins, message, StringComparison.Ordinal);
        Assert.Contains(holds, message, StringComparison.Ordinal);
        await Eventually.Is(() => (int)Status("trusted")["sent"]! == 1);
    }

    [Theory]
    [InlineData("ecs", "source", "ip")]
    [InlineData("eve", "src_ip", null)]
    public async Task Lines_are_one_object_each(string format, string member, string? below)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        await Make(new { name = "lines", kind = "lines", url = $"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", format, kinds = new[] { "decision" } });
        await Block("203.0.113.1", "a\nline \u2028 {\"src_ip\":\"192.0.2.66\"}");
        await Block("203.0.113.2");
        using TcpClient accepted = await listener.AcceptTcpClientAsync(Cancellation);
        using StreamReader reader = new(accepted.GetStream());
        foreach (string address in new[] { "203.0.113.1", "203.0.113.2" })
        {
            JsonNode line = JsonNode.Parse((await reader.ReadLineAsync(Cancellation))!)!;
            Assert.Equal(address, (string?)(below is null ? line[member] : line[member]![below]));
        }
    }

    private async Task Make(object sink) => Assert.Equal(HttpStatusCode.Created, (await _client.PostAsJsonAsync("sinks", sink, Cancellation)).StatusCode);

    private async Task Block(string address, string? comment = null)
    {
        using HttpResponseMessage made = await _client.PostAsJsonAsync("rules", new { scope = address, verdict = "drop", comment }, Cancellation);
        made.EnsureSuccessStatusCode();
    }

    private JsonNode Status(string name) => _client.GetFromJsonAsync<JsonNode>($"sinks/{name}", Cancellation).GetAwaiter().GetResult()!;

    private static X509Certificate2 Certificate()
    {
        using ECDsa pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=collector", pair, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
    }
}
