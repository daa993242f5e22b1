using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Blackwall.Tarpit.Http.Wire;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>One request over a connection, and its answer. Text is bytes, one a character (Latin-1).</summary>
internal static class WebTalk
{
    private const int LongestHead = 64 << 10;
    private const int LongestBody = 2 << 20;

    /// <summary>Covers a connection with TLS without looking at the certificate; null: the other end does not speak it.</summary>
    public static async ValueTask<Stream?> EncryptAsync(Stream stream, string host, Turns turns, CancellationToken cancellation)
    {
        // The only server that can be reached is this process itself; its certificate is signed by nobody, which curl and wget tell before they ask for anything.
        SslStream encrypted = new(stream);
        try
        {
            await turns.OutsideAsync(() => encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host.Trim('[', ']'), RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null }, cancellation));
            return encrypted;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await encrypted.DisposeAsync();
            return null;
        }
    }

    /// <summary>Sends a request and reads the answer; null: none came.</summary>
    /// <param name="request">Head and body.</param>
    /// <param name="hasBody">Whether the answer to this method has a body.</param>
    public static async ValueTask<WebAnswer?> AskAsync(Stream stream, byte[] request, bool hasBody, Turns turns, CancellationToken cancellation)
    {
        try
        {
            WebAnswer? answer = null;
            await turns.OutsideAsync(async () =>
            {
                await stream.WriteAsync(request, cancellation);
                answer = await ReadAsync(stream, hasBody, cancellation);
            });
            return answer;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<WebAnswer?> ReadAsync(Stream stream, bool hasBody, CancellationToken cancellation)
    {
        MemoryStream all = new();
        byte[] buffer = new byte[8192];
        int end;
        while ((end = all.GetBuffer().AsSpan(0, (int)all.Length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int got = all.Length < LongestHead ? await stream.ReadAsync(buffer, cancellation) : 0;
            if (got == 0)
            {
                return all.Length == 0 ? null : new WebAnswer(Encoding.Latin1.GetString(all.ToArray()), []);
            }

            all.Write(buffer, 0, got);
        }

        byte[] bytes = all.ToArray();
        WebAnswer answer = new(Encoding.Latin1.GetString(bytes, 0, end + 4), []);
        if (answer.Status is 100)
        {
            return await ReadAsync(stream, hasBody, cancellation);
        }

        if (!hasBody || answer.Status is 204 or 304)
        {
            return answer;
        }

        return answer with { Body = await BodyAsync(stream, bytes[(end + 4)..], answer, cancellation) };
    }

    private static async Task<byte[]> BodyAsync(Stream stream, byte[] first, WebAnswer answer, CancellationToken cancellation)
    {
        bool isChunked = answer.Field("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;
        long length = long.TryParse(answer.Field("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out long told) ? told : long.MaxValue;
        ChunkedReader chunks = default;
        MemoryStream body = new();
        byte[] buffer = first.Length > 8192 ? first : new byte[8192];
        first.CopyTo(buffer, 0);
        int got = first.Length;
        while (true)
        {
            if (isChunked)
            {
                for (int at = 0; at < got && !chunks.IsDone && !chunks.IsBad;)
                {
                    at += chunks.Read(buffer.AsSpan(at, got - at), out ReadOnlySpan<byte> data);
                    body.Write(data);
                }
            }
            else
            {
                body.Write(buffer, 0, (int)Math.Min(got, length - body.Length));
            }

            if (body.Length >= Math.Min(length, LongestBody) || chunks.IsDone || chunks.IsBad || (got = await stream.ReadAsync(buffer, cancellation)) == 0)
            {
                return body.ToArray();
            }
        }
    }
}
