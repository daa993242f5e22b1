using System.Globalization;
using System.Net.Security;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>What "curl -v" tells beside the page: its steps, and the heads of request and answer.</summary>
internal sealed class CurlTrace(Invocation i, bool isOn)
{
    public ValueTask SayAsync(string text) => isOn ? i.Streams.Error.WriteAsync(Encoding.UTF8.GetBytes($"* {text}\n"), i.Cancellation) : ValueTask.CompletedTask;

    /// <summary>How the connection came to stand, or did not.</summary>
    public async ValueTask DialledAsync(WebAddress address, Attempt attempt, string? fault)
    {
        string host = address.Host.Trim('[', ']');
        if (attempt.Address is { } ip)
        {
            string shown = ip.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{ip}]" : ip.ToString();
            await SayAsync(string.Create(CultureInfo.InvariantCulture, $"  Trying {shown}:{address.Port}..."));
            await (attempt.Reach is Reach.Connected ? SayAsync(string.Create(CultureInfo.InvariantCulture, $"Connected to {host} ({ip}) port {address.Port}"))
                : attempt.Reach is Reach.TimedOut ? ValueTask.CompletedTask : SayAsync(string.Create(CultureInfo.InvariantCulture, $"connect to {ip} port {address.Port} failed: {attempt.Error}")));
        }

        if (fault is not null)
        {
            await SayAsync(fault);
            await SayAsync("Closing connection");
        }
    }

    /// <summary>The handshake of TLS.</summary>
    public async ValueTask EncryptAsync(Stream? stream, bool trusts)
    {
        await SayAsync("ALPN: curl offers h2,http/1.1");
        await SayAsync("TLSv1.3 (OUT), TLS handshake, Client hello (1):");
        if (stream is not SslStream { RemoteCertificate: { } certificate })
        {
            await SayAsync("OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number");
            await SayAsync("Closing connection");
            return;
        }

        if (!trusts)
        {
            await SayAsync(" CAfile: /etc/ssl/certs/ca-certificates.crt");
            await SayAsync(" CApath: /etc/ssl/certs");
        }

        foreach (string step in (string[])["Server hello (2)", "Encrypted Extensions (8)", "Certificate (11)"])
        {
            await SayAsync($"TLSv1.3 (IN), TLS handshake, {step}:");
        }

        if (!trusts)
        {
            await SayAsync("TLSv1.3 (OUT), TLS alert, unknown CA (560):");
            await SayAsync("SSL certificate problem: self-signed certificate");
            await SayAsync("Closing connection");
            return;
        }

        string from = DateTimeOffset.Parse(certificate.GetEffectiveDateString(), CultureInfo.CurrentCulture).UtcDateTime.ToString("MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture), until = DateTimeOffset.Parse(certificate.GetExpirationDateString(), CultureInfo.CurrentCulture).UtcDateTime.ToString("MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture);
        string[] lines =
        [
            "TLSv1.3 (IN), TLS handshake, CERT verify (15):", "TLSv1.3 (IN), TLS handshake, Finished (20):", "TLSv1.3 (OUT), TLS change cipher, Change cipher spec (1):", "TLSv1.3 (OUT), TLS handshake, Finished (20):",
            "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519 / RSASSA-PSS", "ALPN: server accepted http/1.1", "Server certificate:", $" subject: {certificate.Subject}", $" start date: {from} GMT", $" expire date: {until} GMT", $" issuer: {certificate.Issuer}",
            " SSL certificate verify result: self-signed certificate (18), continuing anyway.", "  Certificate level 0: Public key type RSA (2048/112 Bits/secBits), signed using sha256WithRSAEncryption", "using HTTP/1.x",
        ];
        foreach (string line in lines)
        {
            await SayAsync(line);
        }
    }

    /// <summary>The head of a request, or with "&lt;" of an answer.</summary>
    public async ValueTask HeadAsync(char sign, string head)
    {
        if (isOn)
        {
            int end = head.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var found ? found : head.Length;
            await i.Streams.Error.WriteAsync(string.Concat(head[..end].Split("\r\n").Append("").Select(line => $"{sign} {line}\r\n")), i.Cancellation);
        }
    }

    /// <summary>How many bytes went, told only where they go to a file or a pipe.</summary>
    public ValueTask DataAsync(char sign, int bytes) => isOn && bytes > 0 ? i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{sign} [{bytes} bytes data]\n"), i.Cancellation) : ValueTask.CompletedTask;
}
