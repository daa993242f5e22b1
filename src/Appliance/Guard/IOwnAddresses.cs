using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>This machine's own addresses.</summary>
public interface IOwnAddresses
{
    IReadOnlyList<Address> Read();
}
