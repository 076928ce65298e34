"""Pages of enterprises, clusters, links and quality, one file per noun."""
