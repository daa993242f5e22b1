using System.Text.Json;
using Blackwall.Client;

namespace Blackwall.Lab.Edge;

/// <summary>One server-sent event.</summary>
/// <param name="Name">decision, lifted, evidence, status or gap.</param>
/// <param name="Data">JSON.</param>
public sealed record ApplianceEvent(string Name, string Data)
{
    /// <summary>The decision it speaks about; null when it speaks about none.</summary>
    public DecisionView? Decision
    {
        get
        {
            if (Name is not ("decision" or "lifted"))
            {
                return null;
            }

            try
            {
                return JsonSerializer.Deserialize(Data, ClientJson.Default.DecisionEvent) is { } change ? new DecisionView(change.Decision) : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
