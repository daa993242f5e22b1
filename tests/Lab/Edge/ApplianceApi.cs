using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Edge;

/// <summary>The control plane, as an operator on the edge's loopback uses it.</summary>
public sealed partial class ApplianceApi : IDisposable
{
    public const string Address = "http://127.0.0.1:9470";
    public const int Port = 9470;

    private static readonly TimeSpan s_enforcementLimit = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    public ApplianceApi(NetNamespace edge, string adminKeyFile)
    {
        // The loopback that listens is the edge's, so the socket has to be born there.
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = edge.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.NoDelay = true;
                try
                {
                    await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri($"{Address}/api/v1/"), Timeout = TimeSpan.FromSeconds(15) };
        if (File.Exists(adminKeyFile))
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(adminKeyFile).Trim());
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Whether the wall stands and decisions are restored.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync("health/ready", cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    public async Task<WallStats> StatsAsync(CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(await _http.GetStringAsync("stats", cancellation));
        return WallStats.Read(document.RootElement);
    }

    /// <summary>Every decision whose scope contains an address; the first thousand of all without one.</summary>
    public async Task<IReadOnlyList<DecisionView>> DecisionsAsync(IPAddress? about, CancellationToken cancellation)
    {
        var query = about is null ? "decisions?limit=1000" : $"decisions?contains={Uri.EscapeDataString(about.ToString())}&limit=100";
        var page = await _http.GetFromJsonAsync(query, EdgeJson.Default.DecisionPage, cancellation);
        return page!.Items;
    }

    /// <summary>What was seen of an address: the words of its evidence, newest first.</summary>
    public async Task<IReadOnlyList<string>> EvidenceKindsAsync(IPAddress source, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(await _http.GetStringAsync($"sources/{Uri.EscapeDataString(source.ToString())}", cancellation));
        return [.. document.RootElement.GetProperty("evidence").EnumerateArray().Select(piece => piece.GetProperty("kind").GetString() ?? string.Empty)];
    }

    public async Task<DecisionAnswer> DecideAsync(string scope, string verdict, CancellationToken cancellation)
    {
        var wish = new DecisionWish(scope, verdict, TtlSeconds: 600, Comment: "lab");
        using var answer = await _http.PostAsJsonAsync("decisions", wish, EdgeJson.Default.DecisionWish, cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return new DecisionAnswer((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync(EdgeJson.Default.DecisionView, cancellation), Refusal: null);
        }

        var problem = await answer.Content.ReadFromJsonAsync(EdgeJson.Default.ProblemView, cancellation);
        return new DecisionAnswer((int)answer.StatusCode, Decision: null, problem?.Detail ?? problem?.Title);
    }

    /// <summary>A decision that must be taken.</summary>
    /// <exception cref="ToolFailedException">The API refused.</exception>
    public async Task<DecisionView> MustDecideAsync(string scope, string verdict, CancellationToken cancellation)
    {
        var answer = await DecideAsync(scope, verdict, cancellation);
        return answer.Decision ?? throw new ToolFailedException($"The API refused to {verdict} {scope} ({answer.Status}): {answer.Refusal}");
    }

    /// <summary>Lifts a decision and waits until the kernel has forgotten it.</summary>
    public async Task<bool> LiftAsync(long decision, CancellationToken cancellation)
    {
        using var answer = await _http.DeleteAsync(new Uri($"decisions/{decision}", UriKind.Relative), cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            return false;
        }

        var lifted = (await StatsAsync(cancellation)).BoardVersion;
        return await Tool.UntilAsync(async () => (await StatsAsync(cancellation)).EnforcedVersion >= lifted, s_enforcementLimit, cancellation);
    }

    /// <summary>Lifts whatever stands against an address.</summary>
    /// <returns>How many decisions that were.</returns>
    public async Task<int> LiftAllAsync(IPAddress address, CancellationToken cancellation)
    {
        var lifted = 0;
        foreach (var decision in await DecisionsAsync(address, cancellation))
        {
            if (!string.Equals(decision.Origin, "guard", StringComparison.Ordinal) && await LiftAsync(decision.Id, cancellation))
            {
                lifted++;
            }
        }

        return lifted;
    }

    /// <summary>Waits until a decision about an address is on the board.</summary>
    /// <returns>Null when none came in time.</returns>
    public async Task<DecisionView?> WaitForDecisionAsync(IPAddress about, Func<DecisionView, bool> wanted, TimeSpan limit, CancellationToken cancellation)
    {
        DecisionView? found = null;
        await Tool.UntilAsync(
            async () => (found = (await DecisionsAsync(about, cancellation)).FirstOrDefault(wanted)) is not null,
            limit,
            cancellation);
        return found;
    }

    /// <summary>The server-sent events from now on, until the connection ends.</summary>
    public async IAsyncEnumerable<ApplianceEvent> EventsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "events");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        var name = "message";
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("event:", StringComparison.Ordinal))
            {
                name = line["event:".Length..].Trim();
            }
            else if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                yield return new ApplianceEvent(name, line["data:".Length..].Trim());
                name = "message";
            }
        }
    }
}
