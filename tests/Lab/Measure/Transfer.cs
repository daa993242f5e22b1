using System.Globalization;
using System.Net;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Measure;

/// <summary>Fetches with curl what <see cref="BulkServer"/> or the protected server has, to the last byte.</summary>
/// <param name="From">Who fetches.</param>
/// <param name="Source">Its address.</param>
/// <param name="Target">Where a <see cref="BulkServer"/> is, or the protected server's web server.</param>
public sealed record Transfer(NetNamespace From, IPAddress Source, IPEndPoint Target)
{
    /// <summary>True: all of the bytes came in time.</summary>
    /// <param name="bytes">How many to ask for.</param>
    /// <param name="limit">Time for them.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="options">Of curl.</param>
    public async Task<bool> FetchAsync(long bytes, TimeSpan limit, CancellationToken cancellation, params string[] options)
    {
        var result = await From.TryAsync(
            [
                "curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{size_download}", "--interface", $"{Source}", .. options,
                "--max-time", limit.TotalSeconds.ToString(CultureInfo.InvariantCulture), .. What(bytes),
            ],
            limit + TimeSpan.FromSeconds(5),
            cancellation);
        return result.Output.Trim() is var got && got.EndsWith(string.Create(CultureInfo.InvariantCulture, $" {bytes}"), StringComparison.Ordinal) && got.StartsWith('2');
    }

    private IEnumerable<string> What(long bytes) => Target.Port == BulkServer.Port
        ? [string.Create(CultureInfo.InvariantCulture, $"http://{Target}/{bytes}")]
        : ["--range", string.Create(CultureInfo.InvariantCulture, $"0-{bytes - 1}"), $"http://{Target}/large.bin"];
}
