using Blackwall.Tarpit.Http.Face;

namespace Blackwall.Tarpit.Http.Files;

/// <summary>What lies below the web root: files, scripts, and folders that follow from both. What is not there goes to a front controller, where there is one.</summary>
internal sealed class WebRoot : IHttpPersona
{
    private const int LongestName = 255;
    private const int LongestPath = 4096;

    private readonly FileAnswers _answers;
    private readonly IReadOnlyDictionary<string, StaticFile> _files;
    private readonly IReadOnlyDictionary<string, IHttpPersona> _scripts;
    private readonly IHttpPersona? _controller;
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal) { "/" };

    /// <param name="files">By path.</param>
    /// <param name="scripts">By path.</param>
    /// <param name="controller">Answers for the root and whatever is no file; null: httpd does.</param>
    public WebRoot(ServerFace face, IReadOnlyDictionary<string, StaticFile> files, IReadOnlyDictionary<string, IHttpPersona> scripts, IHttpPersona? controller)
    {
        (_answers, _files, _scripts, _controller) = (new FileAnswers(face), files, scripts, controller);
        foreach (string path in files.Keys.Concat(scripts.Keys))
        {
            for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
            {
                _folders.Add(path[..(slash + 1)]);
            }
        }
    }

    public FileAnswers Answers => _answers;

    public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        HttpRequest request = exchange.Request;
        string path = request.Path;
        if (path.Length > LongestPath || path.Split('/') is var names && (names.Any(name => name.StartsWith(".ht", StringComparison.Ordinal)) || names.Any(name => name.Length > LongestName)) || path is "/server-status" or "/server-info")
        {
            return new(_answers.Error(request, 403));
        }

        if (FindScript(path) is { } script)
        {
            return script.AnswerAsync(exchange, cancellation);
        }

        if (_files.TryGetValue(path.EndsWith('/') ? path + "index.html" : path, out StaticFile? file))
        {
            return new(_answers.AnswerMethod(request, file.ContentType) ?? _answers.Answer(request, file));
        }

        if (_folders.Contains(path + "/"))
        {
            return new(_answers.RedirectToFolder(request));
        }

        if (_controller is not null && (path is "/" || !_folders.Contains(path)))
        {
            return _controller.AnswerAsync(exchange, cancellation);
        }

        return new(_answers.AnswerMethod(request, null) ?? _answers.Error(request, _folders.Contains(path) ? 403 : 404));
    }

    // A script answers for what follows its name too (PATH_INFO).
    private IHttpPersona? FindScript(string path)
    {
        if (path.EndsWith('/') && _scripts.TryGetValue(path + "index.php", out IHttpPersona? index))
        {
            return index;
        }

        int end = path.IndexOf(".php/", StringComparison.Ordinal);
        return _scripts.GetValueOrDefault(end < 0 ? path : path[..(end + 4)]);
    }
}
