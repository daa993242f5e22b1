using System.Net.Sockets;

namespace Blackwall.Tarpit.Tests.Http;

/// <summary>Clients of a tarpit that believe to talk to a host "shop.test".</summary>
internal static class WebClient
{
    public const string Host = "shop.test";

    /// <param name="seen">Told the subject of the server's certificate.</param>
    public static HttpClient Create(RunningTarpit tarpit, string scheme = "http", Action<string>? seen = null)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (_, cancellation) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(tarpit.EndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            // Self-signed, as it is meant to be: the machine's own name is what is looked at.
            seen?.Invoke(certificate!.Subject);
            return string.Equals(certificate!.Subject, certificate.Issuer, StringComparison.Ordinal);
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"{scheme}://{Host}/") };
    }
}
