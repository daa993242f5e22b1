namespace Blackwall.Tarpit.Recording;

/// <summary>Begins the records of sessions.</summary>
internal interface IRecorder
{
    ISessionLog BeginSession();
}
