using System.Diagnostics.CodeAnalysis;
using Blackwall.Pipeline.Model;

namespace Blackwall.Capture;

/// <summary>The captures that run, one a scope. Not thread-safe.</summary>
internal sealed class OpenCaptures
{
    private readonly Dictionary<Prefix, OpenCapture> _captures = [];

    public int Count => _captures.Count;

    public IReadOnlyCollection<OpenCapture> All => _captures.Values;

    public void Add(OpenCapture capture) => _captures[capture.Scope] = capture;

    public bool Remove(OpenCapture capture) => _captures.Remove(capture.Scope);

    public bool TryFind(Prefix scope, [NotNullWhen(true)] out OpenCapture? capture) => _captures.TryGetValue(scope, out capture);

    public OpenCapture? Find(long id) => _captures.Values.FirstOrDefault(capture => capture.Id == id);

    /// <summary>The narrowest that contains an address.</summary>
    public OpenCapture? Containing(Address address)
    {
        if (_captures.TryGetValue(Prefix.Host(address), out OpenCapture? host))
        {
            return host;
        }

        OpenCapture? longest = null;
        foreach ((Prefix scope, OpenCapture capture) in _captures)
        {
            if (!scope.IsHost && scope.Contains(address) && (longest is null || scope.Length > longest.Scope.Length))
            {
                longest = capture;
            }
        }

        return longest;
    }
}
