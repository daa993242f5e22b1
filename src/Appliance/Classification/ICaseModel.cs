namespace Blackwall.Classification;

/// <summary>A language model that is asked about sources. The one place where the appliance meets a model server.</summary>
internal interface ICaseModel
{
    /// <summary>Asks once. Whatever the server does comes back as an outcome; only the caller's own cancellation throws.</summary>
    Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellation);
}
