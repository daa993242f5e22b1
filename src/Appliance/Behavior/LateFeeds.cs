using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior;

/// <summary>The feeds, looked for when they are first asked: they make claims on the board, which tells detection, so neither can be made before the other.</summary>
/// <param name="find">Finds them; null: there are none.</param>
internal sealed class LateFeeds(Func<IThreatFeeds?> find) : IThreatFeeds
{
    private IThreatFeeds? _found;

    private IThreatFeeds Found => _found ??= find() ?? NoFeeds.Instance;

    public IReadOnlyList<FeedMention> Mentions(Address address) => Found.Mentions(address);

    public FeedMention? FindController(Address address) => Found.FindController(address);
}
