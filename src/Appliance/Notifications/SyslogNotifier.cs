using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace Blackwall.Notifications;

/// <summary>One RFC 5424 message of facility 16 (local0) a notification, to the socket of this machine or by UDP.</summary>
internal sealed class SyslogNotifier(IOptions<NotifyOptions> options) : INotifier
{
    private const int Facility = 16;
    private const int Notice = 5;
    private const int Warning = 4;

    public string Name => "syslog";

    public bool IsUsed => options.Value.Syslog.Length > 0;

    public async Task SendAsync(Notification notification, CancellationToken cancellation)
    {
        NotifyOptions settings = options.Value;
        byte[] message = Encoding.UTF8.GetBytes(Message(notification, settings.Text, Environment.MachineName));
        EndPoint target = settings.SyslogPoint is { } point ? point : new UnixDomainSocketEndPoint(settings.Syslog);
        try
        {
            using Socket socket = new(target.AddressFamily, SocketType.Dgram, target is IPEndPoint ? ProtocolType.Udp : ProtocolType.Unspecified);
            await socket.ConnectAsync(target, cancellation);
            await socket.SendAsync(message, cancellation);
        }
        catch (SocketException failure)
        {
            throw new NotifyException($"Syslog at {settings.Syslog} takes nothing: {failure.Message}", failure);
        }
    }

    internal static string Message(Notification notification, string template, string host) => string.Create(
        CultureInfo.InvariantCulture,
        $"<{(Facility * 8) + (notification.Kind is NotificationKind.Block or NotificationKind.Fault ? Warning : Notice)}>1 {notification.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {host} blackwall - {NotificationTemplate.Word(notification.Kind)} - {NotificationTemplate.Fill(template, notification, host)}");
}
