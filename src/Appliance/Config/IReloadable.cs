namespace Blackwall.Config;

/// <summary>Takes up settings that changed while the appliance runs, where reading the options anew is not enough.</summary>
public interface IReloadable
{
    /// <summary>Called after the options were changed, by one caller at a time. Returns a sentence for each thing that could not be taken up; the former state then stands.</summary>
    IReadOnlyList<string> Reload();
}
