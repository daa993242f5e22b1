using Blackwall.Api.Problems;
using Blackwall.Api.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Connections;

/// <summary>Listening addresses and time-outs of the HTTP server.</summary>
internal sealed class KestrelSettings(IOptions<ApiOptions> options, TlsIdentity tls, ConnectionGate gate, LocalSocket door) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyLimit.Default;
        kestrel.Limits.MaxConcurrentConnections = 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Listen(options.Value.ListenAddress, options.Value.Listen.Port, endpoint =>
        {
            endpoint.Use(next => connection => gate.RunAsync(connection, next));
            if (tls.IsUsed)
            {
                endpoint.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.Server()), HandshakeTimeout = TimeSpan.FromSeconds(5) });
            }
        });
        foreach ((string path, bool group) in door.Prepare())
        {
            kestrel.ListenUnixSocket(path, endpoint => endpoint.Use(next => connection => LocalSocket.RunAsync(connection, next, group)));
        }
    }
}
