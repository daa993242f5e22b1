using System.Globalization;
using System.Text;

namespace Blackwall.Tests.Siem;

/// <summary>Reads syslog messages with octet counting (RFC 6587 section 3.4.1).</summary>
internal static class SyslogStream
{
    /// <summary>What the next message of the kind "decision" says behind its header.</summary>
    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        StringBuilder length = new();
        byte[] one = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(one, cancellation);
            if (one[0] == ' ')
            {
                break;
            }

            length.Append((char)one[0]);
        }

        byte[] message = new byte[int.Parse(length.ToString(), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(message, cancellation);
        string text = Encoding.UTF8.GetString(message);
        return text[(text.IndexOf(" - decision - ", StringComparison.Ordinal) + 14)..];
    }
}
