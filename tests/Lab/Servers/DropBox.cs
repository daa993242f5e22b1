using System.Globalization;
using System.Net;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Servers;

/// <summary>A real nginx somewhere outside: it takes whatever is sent to it, and answers when it has all of it.</summary>
public sealed class DropBox : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(10);

    private readonly RunningTool _nginx;

    private DropBox(RunningTool nginx) => _nginx = nginx;

    public static async Task<DropBox> StartAsync(LabHost host, RunFolder run, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(run.File($"drop-{host.Network.Name}")).FullName;
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            user root;
            worker_processes 1;
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log stderr error;
            events { worker_connections 256; }
            http {
                access_log off;
                client_max_body_size 0;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/proxy;
                fastcgi_temp_path {{folder}}/fastcgi;
                uwsgi_temp_path {{folder}}/uwsgi;
                scgi_temp_path {{folder}}/scgi;
                server {
                    listen 80;
                    listen [::]:80;
                    location / {
                        root {{folder}};
                        dav_methods PUT;
                    }
                }
            }

            """), cancellation);
        var nginx = host.Network.Start(["nginx", "-p", folder, "-c", configuration]);
        var target = new IPEndPoint(host.Addresses4[0], 80);
        var listens = await Tool.UntilAsync(
            async () =>
            {
                using var socket = await host.ConnectAsync(target, host.Addresses4[0], TimeSpan.FromSeconds(1), cancellation);
                return socket is not null;
            },
            s_startLimit,
            cancellation);
        if (!listens)
        {
            await nginx.DisposeAsync();
            throw new ToolFailedException($"A web server outside does not listen: {nginx.Errors}");
        }

        return new DropBox(nginx);
    }

    public ValueTask DisposeAsync() => _nginx.DisposeAsync();
}
