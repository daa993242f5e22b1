using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>Where addresses are used. Thread-safe.</summary>
public interface IPlaces
{
    /// <summary>Null: nothing is known of it, or there is no database.</summary>
    Place? Find(Address address);
}
