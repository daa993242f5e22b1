using Blackwall.Api.Contracts;
using Blackwall.Kernel;

namespace Blackwall.Health;

/// <summary>What the wall is right now.</summary>
/// <param name="Interface">Guarded interface.</param>
/// <param name="Mode">enforce, observe or off.</param>
/// <param name="AttachMode">native, generic or offload; null: not attached.</param>
/// <param name="EgressMode">tcx or tc; null: not attached.</param>
/// <param name="Fallback">Why the attach mode is not the one asked for.</param>
/// <param name="Generation">Policy generation in force.</param>
/// <param name="Adopted">Whether a wall left by an earlier process was taken over.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Challenges">How challenges leave: xdp, or tc on a veth, whose peer may not take what XDP sends; null: not attached.</param>
/// <param name="Side">outside, or inside: an interface of a gateway behind which hosts of its own are.</param>
public sealed record WallBody(string Interface, [property: Word(WordLists.Mode)] string Mode, string? AttachMode, string? EgressMode, string? Fallback, ulong Generation, bool Adopted, string? Fault, string? Challenges, string Side)
{
    internal static WallBody From(WallStatus status) => new(
        status.Interface,
        Words.Kebab(status.Mode.ToString()),
        status.AttachMode,
        status.EgressMode,
        status.Fallback,
        status.Generation,
        status.Adopted,
        status.Fault,
        status.Challenges,
        Words.Kebab(status.Side.ToString()));
}
